import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { holderOf, takeLock } from '../../../src/adapters/journal/file/lock.ts';
import { identifyProcess } from '../../../src/adapters/journal/file/process-identity.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-lock-'));
  path = join(folder, 'it.lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('one holder at a time, and nothing is left of it afterwards', async () => {
  const lock = await takeLock(path);
  expect(await holderOf(path)).toBe(process.pid);
  expect(await takeLock(path)).toBeNull();
  await lock!.release();
  expect(await readdir(folder)).toEqual([]);
});

test('of many that try at once, one gets it', async () => {
  const taken = await Promise.all(Array.from({ length: 20 }, () => takeLock(path)));
  expect(taken.filter((lock) => lock !== null)).toHaveLength(1);
});

test("a living process' lock is respected, a dead one's is taken over", async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(child, 'spawn');
  await writeFile(path, `${await identifyProcess(child.pid!)}\n`);
  expect(await takeLock(path)).toBeNull();
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await takeLock(path)).not.toBeNull();
});

test('a dead process whose parent has not asked for it yet holds nothing', async () => {
  // The parent of a program in a container often asks for nobody.
  const script = 'sleep 60 & echo $!; exec sleep 61';
  const parent = spawn('/bin/sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(String(line));
  await writeFile(path, `${await identifyProcess(pid)}\n`);
  expect(await takeLock(path)).toBeNull();
  process.kill(pid, 'SIGKILL');
  try {
    await expect.poll(() => identifyProcess(pid)).toBeNull();
    expect(await takeLock(path)).not.toBeNull();
  } finally {
    parent.kill('SIGKILL');
  }
});

test('a pid that another process has by now is not the holder', async () => {
  const [pid, , boot] = (await identifyProcess(process.pid))!.split(' ');
  await writeFile(path, `${pid} 1 ${boot}\n`);
  expect(await takeLock(path)).not.toBeNull();
  expect(await readFile(path, 'utf8')).toBe(`${await identifyProcess(process.pid)}\n`);
});

test('what a process left that was killed while it took the lock goes with the next one that takes it', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  const uuid = '00000000-0000-4000-8000-000000000000';
  const [rest, living] = [`${path}.${child.pid}.${uuid}`, `${path}.${process.pid}.${uuid}`];
  await writeFile(rest, '');
  await writeFile(living, '');
  const lock = await takeLock(path);
  await lock!.release();
  expect(await readdir(folder)).toEqual([`it.lock.${process.pid}.${uuid}`]);
});
