import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/adapters/clock/system.ts';
import { openStore } from '../../src/adapters/store/open-store.ts';
import { run as runKeygen } from '../../src/cli/app-keygen.ts';
import { run as runApp } from '../../src/cli/app.ts';
import type { World } from '../../src/cli/world.ts';
import { createMemoryWorld } from '../support/memory-ledger.ts';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'sallyport-verbs-'));
});
afterAll(() => rm(cwd, { recursive: true }));

const args = (options: Record<string, string>, json = false) => ({ words: [], options, json });

function worldOf(env: World['env'] = {}) {
  const stop = new AbortController();
  const written: string[] = [];
  const stdout = { write: (text: string) => void written.push(text), isTTY: false };
  const log = { info() {}, warn() {}, error() {} };
  const world: World = {
    stdout,
    stderr: stdout,
    env,
    cwd,
    readFile: () => Promise.reject(new Error('reads no file')),
    signal: stop.signal,
    parts: {
      app: () =>
        Promise.resolve({
          clock: systemClock,
          log,
          openLedger: () => createMemoryWorld(1).connect(),
          openStore: () => openStore({ kind: 'memory' }),
        }),
    } as Partial<World['parts']> as World['parts'],
  };
  return { world, written, stop: () => stop.abort() };
}

test('keygen makes a key and prints the line that hosts need', async () => {
  const { world, written } = worldOf();
  expect(await runKeygen(args({ out: 'app.key' }), world)).toBe(0);
  expect(written.join('')).toMatch(/- \{ id: app-1, key: "ed25519:[\w-]{43}", environments: \[/);
});

test('keygen --json prints one document', async () => {
  const { world, written } = worldOf();
  await runKeygen(args({ out: 'other.key' }, true), world);
  expect(JSON.parse(written.join(''))).toMatchObject({
    schema: 1,
    ok: true,
    path: join(cwd, 'other.key'),
  });
});

test('the server says where it listens, answers, and ends when it is told to', async () => {
  await runKeygen(args({ out: 'server.key' }), worldOf().world);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { world, written, stop } = worldOf({
    WEBHOOK_SECRET: 'a long secret',
    APP_ID: '12',
    PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  });
  const ended = runApp(args({ port: '0', key: 'server.key' }, true), world);
  while (written.length === 0) await systemClock.sleep(10);
  const { url } = JSON.parse(written[0]!) as { url: string };
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  stop();
  expect(await ended).toBe(0);
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();
});

test('without its settings the server does not start', async () => {
  await expect(runApp(args({}), worldOf().world)).rejects.toMatchObject({
    code: 'setting_missing',
  });
});
