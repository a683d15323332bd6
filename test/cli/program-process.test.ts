import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const program = 'src/bin/cli.ts';

test('a reader that goes away early is no error', async () => {
  const child = spawn(process.execPath, [program, 'completion', 'fish'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  expect([code, stderr]).toEqual([0, '']);
});

test('the exit code and both streams reach the shell', async () => {
  const child = spawn(process.execPath, [program, 'validate', 'no/such.yml'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  expect([code, stderr]).toEqual([4, 'error: There is no file no/such.yml.\n']);
});

test('a story whose listener goes away leaves nothing behind', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-pipe-'));
  const child = spawn(process.execPath, [program, 'try', '--once'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, TMPDIR: folder, XDG_RUNTIME_DIR: '' },
  });
  child.stdout.once('data', () => child.stdout.destroy());
  const [code] = (await once(child, 'close')) as [number];
  expect([code, readdirSync(folder)]).toEqual([1, []]);
  rmSync(folder, { recursive: true });
});
