import { expect, test } from 'vitest';
import { parseRemote } from '../../../src/adapters/git/remote-url.ts';

test.each([
  ['https://github.com/acme/shop.git', 'https', 'https://github.com/acme/shop.git'],
  ['https://me:secret@git.example.org/a', 'https', 'https://git.example.org/a'],
  ['http://127.0.0.1:8080/a/b.git', 'http', 'http://127.0.0.1:8080/a/b.git'],
  ['http://localhost/a', 'http', 'http://localhost/a'],
  ['http://[::1]:81/a', 'http', 'http://[::1]:81/a'],
  ['ssh://git@host/a.git', 'ssh', 'ssh://host/a.git'],
  ['git@github.com:acme/shop.git', 'ssh', 'git@github.com:acme/shop.git'],
  ['/srv/git/shop.git', 'file', '/srv/git/shop.git'],
  ['file:///srv/git/shop.git', 'file', 'file:///srv/git/shop.git'],
])('%s is reached over %s', (url, transport, shown) => {
  expect(parseRemote(url)).toEqual({ url, transport, shown });
});

test.each([
  'http://git.example.org/a',
  'http://127.0.0.1.example.org/a',
  'git://host/a',
  'ext::sh -c true',
  'ext::sh%20-c%20touch%20/tmp/x',
  'fd::17/x',
  '-uexec',
  '--upload-pack=touch x',
  '-host:path',
  'host:-path',
  'relative/path',
  '',
])('%s is refused', (url) => {
  expect(() => parseRemote(url)).toThrow(expect.objectContaining({ code: 'git_url_invalid' }));
});
