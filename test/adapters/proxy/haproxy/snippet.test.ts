import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  changeMap,
  maintenanceOf,
  readShown,
  withCanary,
  withMaintenance,
  withoutCanary,
} from '../../../../src/adapters/proxy/haproxy/choices.ts';
import { routeFiles, type HaproxyOptions } from '../../../../src/adapters/proxy/haproxy/layout.ts';
import { serverFor } from '../../../../src/adapters/proxy/haproxy/servers.ts';
import { readHead } from '../../../../src/adapters/proxy/haproxy/snippet-head.ts';
import { writeSnippet, type SnippetFacts } from '../../../../src/adapters/proxy/haproxy/snippet.ts';
import { haproxyProgram, hasHaproxy } from '../../../support/haproxy.ts';

const options: HaproxyOptions = {
  socket: '/run/haproxy/admin.sock',
  folder: '/etc/haproxy/sallyport',
  check: ['haproxy', '-c'],
  reload: ['systemctl', 'reload', 'haproxy'],
};
const plain: SnippetFacts = {
  route: { name: 'production.web', listen: 80 },
  port: 80,
  files: routeFiles(options, 'production.web'),
  address: undefined,
  ipv6: true,
  certificate: '',
  servers: [],
};
const rich: SnippetFacts = {
  ...plain,
  route: {
    name: 'production.web',
    listen: 443,
    tls: { certificate: '/etc/ssl/shop.pem', key: '/etc/ssl/shop.key' },
    serverNames: ['shop.example.org', '*.shop.example.org'],
    preview: { header: 'X-Sallyport-Slot', cookie: 'sallyport_slot' },
  },
  port: 443,
  certificate: 'a1b2c3',
  servers: [
    serverFor({ slot: 'blue', upstream: { host: '127.0.0.1', port: 8001 } }),
    serverFor({ slot: 'green', upstream: { socket: '/run/web/green.sock' } }),
  ],
};

test.each(Object.entries({ plain, rich }))('the file of a route: %s', async (name, facts) => {
  const path = `../../../fixtures/proxy/haproxy-${name}.cfg`;
  await expect(writeSnippet(facts).text).toMatchFileSnapshot(path);
});

test('servers change the file, not what proves that it is loaded', async () => {
  const { servers } = rich;
  const more = writeSnippet({ ...plain, servers });
  expect(more.proof).toBe(writeSnippet(plain).proof);
  expect(writeSnippet(rich).proof).not.toBe(more.proof);
  const folder = mkdtempSync(join(tmpdir(), 'sp-head-'));
  writeFileSync(join(folder, 'a.cfg'), more.text);
  expect(await readHead(join(folder, 'a.cfg'))).toMatchObject({ servers, proof: more.proof });
  rmSync(folder, { recursive: true });
});

test.skipIf(!hasHaproxy())('HAProxy takes what is written for hostile names', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sp-snippet-'));
  for (const name of ['a b;c{}"\'$x\n#', '../../etc/x', 'Straße/é']) {
    const files = routeFiles({ ...options, folder }, name);
    const route = { ...rich.route, name, tls: undefined };
    writeFileSync(files.map, '');
    writeFileSync(files.snippet, writeSnippet({ ...rich, route, files }).text);
  }
  execFileSync(haproxyProgram!, ['-c', '-q', '-f', folder]);
  rmSync(folder, { recursive: true });
});

test.each([
  { ...plain, route: { ...plain.route, serverNames: ['a b'] } },
  { ...plain, route: { ...plain.route, preview: { header: 'X}', cookie: 'c' } } },
  { ...plain, route: { ...plain.route, tls: { certificate: '/a b', key: '/k' } } },
])('what would end a word is refused', (facts) => {
  expect(() => writeSnippet(facts)).toThrow(expect.objectContaining({ code: 'proxy_refused' }));
});

test('a canary gets requests after its server is named, and none before the server goes', () => {
  const upstream = { host: '127.0.0.1', port: 8002 };
  const before = new Map([['@to', 'blue.1']]);
  const during = withCanary(before, { slot: 'green', upstream, share: 0.05, sticky: false });
  expect(changeMap('/m', before, during).at(-1)).toBe('add map /m @share 50');
  const after = withoutCanary(during);
  expect(changeMap('/m', during, after)).toEqual(['del map /m @share', 'del map /m @canary']);
});

test('what HAProxy shows of a map is read, and a text of any kind comes through', () => {
  const text = 'Back at 9:00; "ü"\nsoon';
  const choices = withMaintenance(new Map([['@to', 'blue.1']]), text);
  const shown = [...choices].map(([key, value]) => `0x55 ${key} ${value}`).join('\n');
  expect(maintenanceOf(readShown(shown))).toBe(text);
  expect(readShown('Unknown map identifier. Please use #<id> or <file>.').size).toBe(0);
});
