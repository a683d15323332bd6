import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { leavePointer } from '../../../src/bin/rehearsal/pointer.ts';
import { pointerPaths } from '../../../src/sandbox/rehearsal/pointer-paths.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-pointer-'));
  vi.stubEnv('TMPDIR', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const pathIn = (env: Record<string, string>) => pointerPaths(env, process.getuid!());
const read = (path: string) => readFile(path, 'utf8').catch(() => null);

test('a runtime folder that is not there is no obstacle', async () => {
  const env = { XDG_RUNTIME_DIR: join(folder, 'gone') };
  const takeAway = await leavePointer(env, '/a.sock');
  expect(await read(pathIn({})[0]!)).toContain('/a.sock');
  await takeAway!();
  expect(await read(pathIn({})[0]!)).toBeNull();
});

test('whoever ends takes away only a pointer of its own', async () => {
  const older = await leavePointer({}, '/older.sock');
  const newer = await leavePointer({}, '/newer.sock');
  await older!();
  expect(await read(pathIn({})[0]!)).toContain('/newer.sock');
  await newer!();
  expect(await read(pathIn({})[0]!)).toBeNull();
});
