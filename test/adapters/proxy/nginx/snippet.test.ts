import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { routeFiles, type NginxOptions } from '../../../../src/adapters/proxy/nginx/layout.ts';
import { readHead } from '../../../../src/adapters/proxy/nginx/snippet-head.ts';
import { writeSnippet, type SnippetFacts } from '../../../../src/adapters/proxy/nginx/snippet.ts';
import { hasNginx, nginxProgram } from '../../../support/nginx.ts';

const options: NginxOptions = {
  state: '/var/lib/sallyport',
  folder: '/etc/nginx/conf.d',
  check: ['nginx', '-t'],
  reload: ['systemctl', 'reload', 'nginx'],
  mode: 'socket',
};
const plain: SnippetFacts = {
  route: { name: 'production.web', listen: 80 },
  port: 80,
  files: routeFiles(options, 'production.web'),
  address: undefined,
  ipv6: true,
  certificate: '',
  target: null,
  mode: 'socket',
};
const rich: SnippetFacts = {
  ...plain,
  route: {
    name: 'production.web',
    listen: 443,
    tls: { certificate: '/etc/ssl/shop.pem', key: '/etc/ssl/shop.key' },
    serverNames: ['shop.example.org', '*.shop.example.org'],
    upstreams: [{ host: '127.0.0.1', port: 8001 }, { socket: '/run/sallyport/web.green.sock' }],
    preview: { header: 'X-Sallyport-Slot', cookie: 'sallyport_slot' },
  },
  port: 443,
  certificate: '1700000000000 2048 1700000000000 1704',
};
const fixed: SnippetFacts = {
  ...plain,
  mode: 'reload',
  target: { slot: 'blue', upstream: { host: '127.0.0.1', port: 8001 } },
};
const golden = { plain, rich, fixed, empty: { ...fixed, target: null } };

test.each(Object.entries(golden))('the file of a route: %s', async (name, facts) => {
  const path = `../../../fixtures/proxy/nginx-${name}.conf`;
  await expect(writeSnippet(facts).text).toMatchFileSnapshot(path);
});

test('the same facts are the same file, and other facts are proved at another place', () => {
  expect(writeSnippet(plain)).toEqual(writeSnippet(plain));
  const proofs = Object.values(golden).map((facts) => writeSnippet(facts).proof);
  expect(new Set(proofs).size).toBe(proofs.length);
});

test('what a file says about itself can be read, whatever the route is called', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sp-snippet-'));
  await fc.assert(
    fc.asyncProperty(fc.string({ minLength: 1, unit: 'binary' }), async (name) => {
      const route = { name, listen: 80 };
      const files = routeFiles({ ...options, folder }, name);
      const { text, proof } = writeSnippet({ ...plain, route, files });
      const path = join(folder, 'x.conf');
      writeFileSync(path, text);
      expect(await readHead(path)).toEqual({ schema: 1, route, port: 80, proof, target: null });
      expect(files.snippet.startsWith(`${folder}/sallyport-`)).toBe(true);
      expect(files.folder).toMatch(/^\/var\/lib\/sallyport\/nginx\/[\w.-]+$/);
      expect(text.split('\n').filter((line) => /^(?:server|#|geo|map|\}|$)/.test(line))).toEqual(
        text.split('\n').filter((line) => !line.startsWith('    ')),
      );
    }),
    { numRuns: 40 },
  );
  rmSync(folder, { recursive: true });
});

test.each<[string, Partial<SnippetFacts>]>([
  ['a name of a server', { route: { name: 'w', listen: 80, serverNames: ['a; return 200'] } }],
  [
    'a file',
    { route: { name: 'w', listen: 80, tls: { certificate: '/etc/$host', key: '/etc/k' } } },
  ],
  ['a cookie', { route: { name: 'w', listen: 80, preview: { header: 'X', cookie: 'a b' } } }],
  ['an upstream', { target: { slot: 'blue', upstream: { host: 'x; y', port: 1 } } }],
])('%s that would end a word of nginx is refused', (_what, facts) => {
  const writing = () => writeSnippet({ ...plain, ...facts });
  expect(writing).toThrow(expect.objectContaining({ code: 'proxy_refused' }));
});

describe.skipIf(!hasNginx())('nginx itself', () => {
  test.each(Object.entries(golden))('finds no fault with it: %s', (_name, facts) => {
    const folder = mkdtempSync(join(tmpdir(), 'sp-snippet-'));
    const key = join(folder, 'key.pem');
    const certificate = join(folder, 'certificate.pem');
    const subject = ['-subj', '/CN=shop.example.org', '-days', '1'];
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    const made = ['req', '-x509', ...kind, ...subject, '-keyout', key, '-out', certificate];
    execFileSync('openssl', made, { stdio: 'ignore' });
    const tls = facts.route.tls && { certificate, key };
    const { text } = writeSnippet({ ...facts, route: { ...facts.route, tls }, ipv6: false });
    const main = join(folder, 'nginx.conf');
    writeFileSync(main, `pid ${folder}/pid; events { } http { access_log off; ${text} }`);
    const args = ['-t', '-q', '-p', folder, '-c', main, '-e', join(folder, 'log')];
    try {
      execFileSync(nginxProgram!, args, { stdio: 'ignore' });
    } catch {
      throw new Error(readFileSync(join(folder, 'log'), 'utf8'));
    }
    expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('');
    rmSync(folder, { recursive: true });
  });
});
