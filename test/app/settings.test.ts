import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSettings } from '../../src/app/settings.ts';
import { makeSigningKey, readSigningKey, trustLine } from '../../src/app/signing-key.ts';

let folder: string;
let keyPath: string;
let env: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-app-'));
  keyPath = join(folder, 'signing.key');
  await makeSigningKey(keyPath);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  env = {
    WEBHOOK_SECRET: 'long and secret',
    APP_ID: '12',
    PRIVATE_KEY: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    SALLYPORT_SIGNING_KEY: keyPath,
  };
});
afterAll(() => rm(folder, { recursive: true }));

test('everything given: loopback, port 3000, github.com', async () => {
  expect(await readSettings(env, {})).toMatchObject({
    host: '127.0.0.1',
    port: 3000,
    appId: 12,
    apiUrl: 'https://api.github.com',
    privateKey: expect.stringContaining('BEGIN PRIVATE KEY'),
  });
});

test.each([
  ['WEBHOOK_SECRET', '', 'setting_missing'],
  ['WEBHOOK_SECRET', 'development', 'webhook_secret_weak'],
  ['APP_ID', '', 'setting_missing'],
  ['APP_ID', 'twelve', 'setting_missing'],
  ['PRIVATE_KEY', '', 'setting_missing'],
  ['PRIVATE_KEY', 'not a key', 'private_key_invalid'],
  ['SALLYPORT_SIGNING_KEY', '', 'setting_missing'],
  ['SALLYPORT_SIGNING_KEY', '/nowhere/signing.key', 'signing_key_missing'],
  ['PORT', '70000', 'port_invalid'],
])('%s=%s refuses to start: %s, with the next command', async (name, value, code) => {
  await expect(readSettings({ ...env, [name]: value }, {})).rejects.toMatchObject({
    code,
    exit: 2,
    hint: expect.stringMatching(/\w/),
  });
});

test('GHE_HOST and GHE_PROTOCOL point elsewhere; flags win', async () => {
  const settings = await readSettings(
    {
      ...env,
      GHE_HOST: '127.0.0.1:1234',
      GHE_PROTOCOL: 'http',
      PORT: '1',
      SALLYPORT_SIGNING_KEY: '',
    },
    { port: '0', host: '::1', key: keyPath },
  );
  expect(settings).toMatchObject({ apiUrl: 'http://127.0.0.1:1234/api/v3', port: 0, host: '::1' });
});

test('a PEM in one line, or in base64, is understood', async () => {
  const oneLine = env['PRIVATE_KEY']!.replaceAll('\n', '\\n');
  const base64 = Buffer.from(env['PRIVATE_KEY']!).toString('base64');
  for (const PRIVATE_KEY of [oneLine, base64]) {
    expect((await readSettings({ ...env, PRIVATE_KEY }, {})).privateKey).toContain('BEGIN');
  }
});

test('the signing key is its owner’s alone, and is never replaced', async () => {
  expect((await stat(keyPath)).mode & 0o777).toBe(0o600);
  await expect(makeSigningKey(keyPath)).rejects.toMatchObject({ code: 'signing_key_exists' });
});

test('a signing key that others may read is refused', async () => {
  const exposed = join(folder, 'exposed.key');
  await makeSigningKey(exposed);
  await chmod(exposed, 0o640);
  await expect(readSigningKey(exposed)).rejects.toMatchObject({
    code: 'signing_key_exposed',
    hint: `chmod 600 ${exposed}`,
  });
});

test('the line for agents names the public key', async () => {
  const key = await readSigningKey(keyPath);
  expect(trustLine(key)).toBe(
    `{ id: app-1, key: "${key.public.text}", environments: [production] }`,
  );
});
