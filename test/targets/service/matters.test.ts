import { expect, test } from 'vitest';
import { ServiceConfig } from '../../../src/config/service.ts';
import { isSameRelease, planChanges } from '../../../src/targets/service/changes.ts';

const sha = 'a'.repeat(40);
const written = {
  kind: 'service',
  run: ['node', 'server.js'],
  ports: { blue: 8001, green: 8002 },
  proxy: { listen: 80 },
};
const configOf = (change: object = {}) => ServiceConfig.parse({ ...written, ...change });
const releaseOf = (config: Readonly<Record<string, unknown>>) => ({
  sha,
  version: 'v1',
  config,
  params: {},
});
const held = releaseOf(configOf());

test.each([
  ['watch', { watch: { for: '5m' } }],
  ['canary', { canary: { share: '5%' } }],
  ['liveness', { liveness: { enabled: false } }],
  ['keep', { keep: 9 }],
  ['keep_size', { keep_size: '5G' }],
  ['promotion', { promotion: 'manual' }],
  ['drain', { drain: '1s' }],
  ['share', { share: ['node_modules'] }],
  ['smoke', { smoke: ['./SMOKE'] }],
  ['the port of a canary', { ports: { blue: 8001, green: 8002, canary: 8003 } }],
])('%s is nothing that the program runs with', (_key, change) => {
  const wanted = releaseOf(configOf(change));
  expect(isSameRelease(held, wanted)).toBe(true);
  expect(planChanges('web', { release: held, healthy: true }, wanted).changes).toEqual([]);
});

test.each([
  ['path', { path: 'server' }],
  ['build', { build: ['make'] }],
  ['test', { test: ['make', 'test'] }],
  ['run', { run: ['deno'] }],
  ['env', { env: { clear: { LOG: 'debug' } } }],
  ['ports', { ports: { blue: 9001, green: 8002 } }],
  ['health', { health: { path: '/ping' } }],
  ['init', { init: 'systemd' }],
  ['socket', { socket: true }],
  ['notify', { notify: true }],
  ['limits', { limits: { memory: '1G' } }],
  ['sandbox', { sandbox: false }],
  ['writable', { writable: ['/srv/data'] }],
])('%s needs a slot of its own', (key, change) => {
  const wanted = releaseOf(configOf(change));
  expect(isSameRelease(held, wanted)).toBe(false);
  expect(planChanges('web', { release: held, healthy: true }, wanted).changes).toEqual([
    { action: 'modify', resource: 'Service/web', fields: [key], breaking: false },
  ]);
});

test.each([
  ['proxy', { proxy: { listen: 81 } }],
  ['proxy', { proxy: { listen: 80, server_names: ['shop.example.org'] } }],
  ['preview', { preview: {} }],
])('%s changes the route, and the program runs on', (key, change) => {
  const wanted = releaseOf(configOf(change));
  expect(isSameRelease(held, wanted)).toBe(true);
  expect(planChanges('web', { release: held, healthy: true }, wanted).changes[0]?.fields).toEqual([
    key,
  ]);
});

test('what an older version wrote down is not changed by keys that it did not know', () => {
  const { path, run, env, ports, health, drain, keep } = configOf();
  const placed = { kind: 'service', promotion: 'auto', init: 'process' };
  const proxy = { driver: 'builtin', listen: 80 };
  const old = { ...placed, path, run, env, ports, drain, keep, health, proxy };
  const seen = { release: releaseOf(old), healthy: true };
  expect(planChanges('web', seen, releaseOf(configOf())).changes).toEqual([]);
  expect(
    planChanges('web', seen, releaseOf(configOf({ limits: { tasks: 9 } }))).changes[0]?.fields,
  ).toEqual(['limits']);
});
