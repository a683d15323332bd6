import { expect, test } from 'vitest';
import { placeOf } from '../../src/upkeep/place.ts';
import { describeUninstall, planUninstall } from '../../src/upkeep/plan-uninstall.ts';
import { readUnits } from '../../src/upkeep/systemctl.ts';
import { shownUnits, unknownUnit } from '../support/fake-machine.ts';

const [agent, proxy] = ['sallyport-agent.service', 'sallyport-proxy.service'];
const facts = {
  place: placeOf('system', { config: null, home: '/root' }),
  user: 'sallyport',
  state: '/var/lib/sallyport',
  envRoot: '/etc/sallyport/env',
  units: readUnits(shownUnits({ [agent]: {}, [proxy]: {} })),
  running: ['production.web.blue'],
  hasUser: true,
  lingeringUid: 990,
  proxyFolders: ['/etc/nginx/conf.d'],
  hasSettings: true,
};

test('services and the proxy run on unless that is asked for, and it says what stays', () => {
  const { steps, left } = planUninstall(facts, { services: false, purge: false });
  const lines = steps.map(describeUninstall);
  expect(lines[0]).toContain(`systemctl disable --now ${agent}`);
  expect(lines.join('\n')).not.toContain(proxy);
  expect(left).toEqual([
    'production.web.blue runs on',
    `${proxy} stays, and comes back at boot`,
    "/var/lib/sallyport: releases, journal and this host's key",
    '/etc/sallyport/env: secrets of services',
    '/etc/sallyport/agent.yml: configuration',
    'the user sallyport',
  ]);
});

test('with --services --purge nothing stays, and what runs ends before its files go', () => {
  const { steps, left } = planUninstall(facts, { services: true, purge: true });
  const lines = steps.map(describeUninstall);
  expect(left).toEqual([]);
  const at = (text: string) => lines.findIndex((line) => line.includes(text));
  expect(lines[0]).toContain(`disable --now ${agent} ${proxy}`);
  expect(at('end production.web.blue')).toBeLessThan(at('remove /var/lib/sallyport ('));
  expect(lines.at(-1)).toContain('userdel sallyport');
});

test('rules, routes and the manager of the user go too, before the user', () => {
  const lines = planUninstall(facts, { services: true, purge: true }).steps.map(describeUninstall);
  const at = (text: string) => lines.findIndex((line) => line.includes(text));
  for (const path of [
    '/etc/polkit-1/rules.d/50-sallyport.rules',
    '/etc/polkit-1/rules.d/50-sallyport-proxy.rules',
    '/etc/sallyport/units',
  ]) {
    expect(at(`remove ${path} (`), path).not.toBe(-1);
  }
  expect(at('disable-linger sallyport')).toBeLessThan(at('stop user@990.service'));
  expect(at('stop user@990.service')).toBe(lines.length - 2);
  expect(at('rmdir --ignore-fail-on-non-empty /etc/sallyport ')).toBeGreaterThan(0);
});

test('of a folder that a proxy reads only our files go, and nothing that is gone is asked to', () => {
  const lines = planUninstall(facts, { services: true, purge: true }).steps.map(describeUninstall);
  expect(lines.filter((line) => line.includes('/etc/nginx'))).toEqual([
    'find /etc/nginx/conf.d -maxdepth 1 -type f -name sallyport-* -delete  (routes of the proxy)',
    'rmdir --ignore-fail-on-non-empty /etc/nginx/conf.d  (unless there is something of yours)',
  ]);
  const gone = { ...facts, proxyFolders: [], hasSettings: false };
  const later = planUninstall(gone, { services: true, purge: true }).steps.map(describeUninstall);
  expect(later.join('\n')).not.toMatch(/rmdir|find/);
});

test('the files of what runs are not taken away below it', () => {
  expect(() => planUninstall(facts, { services: false, purge: true })).toThrow(
    expect.objectContaining({ code: 'services_running', exit: 3 }),
  );
});

test('where there is nothing any more, systemd is asked for nothing', () => {
  const units = readUnits(shownUnits({ [agent]: unknownUnit, [proxy]: unknownUnit }));
  const { steps } = planUninstall(
    { ...facts, units, running: [] },
    { services: true, purge: false },
  );
  expect(steps.filter(({ kind }) => kind === 'run')).toEqual([]);
});
