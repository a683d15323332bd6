import { expect, test } from 'vitest';
import { parseAgentConfig } from '../../src/config/parse.ts';
import { firstConfig } from '../../src/upkeep/first-config.ts';
import { placeOf } from '../../src/upkeep/place.ts';
import { appKey } from '../support/jobs.ts';

const place = placeOf('system', { config: null, home: '/root' });
const words = { name: 'web-1', environments: ['production', 'staging'], trust: null };

test.each([
  ['acme/shop', { github: 'acme/shop', credentials: { token_file: '/etc/sallyport/token' } }],
  ['https://git.example.org/acme/shop.git', { git: 'https://git.example.org/acme/shop.git' }],
  ['git@git.example.org:acme/shop.git', { git: 'git@git.example.org:acme/shop.git' }],
  ['ssh://git@git.example.org/acme/shop.git', { git: 'ssh://git@git.example.org/acme/shop.git' }],
  ['/srv/shop', { directory: '/srv/shop' }],
])('%s becomes a configuration that is valid', (source, expected) => {
  const parsed = parseAgentConfig(firstConfig({ ...words, source }, place), 'agent.yml');
  expect(parsed).toMatchObject({
    ok: true,
    config: {
      name: 'web-1',
      environments: ['production', 'staging'],
      source: expected,
      state: '/var/lib/sallyport',
      env_root: '/etc/sallyport/env',
    },
  });
});

test('the App’s key is trusted for the environments of the host', () => {
  const text = firstConfig({ ...words, source: 'acme/shop', trust: appKey.public.text }, place);
  expect(parseAgentConfig(text, 'agent.yml')).toMatchObject({
    config: {
      trust: { keys: [{ key: appKey.public.text, environments: ['production', 'staging'] }] },
    },
  });
});

test('before nginx, its file goes into a folder of our own', () => {
  const text = firstConfig({ ...words, source: 'acme/shop' }, place, 'nginx');
  expect(parseAgentConfig(text, 'agent.yml')).toMatchObject({
    config: { proxies: { nginx: { folder: '/etc/nginx/sallyport' } } },
  });
});

test.each(['shop', 'https://ada:secret@git.example.org/shop.git', 'x y', '--help', ''])(
  '%j is refused with what may stand there',
  (source) => {
    expect(() => firstConfig({ ...words, source }, place)).toThrow(
      expect.objectContaining({ code: 'usage', exit: 2, hint: expect.any(String) }),
    );
  },
);
