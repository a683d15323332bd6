import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ExecaPrograms } from '../../../../src/adapters/programs/execa/execa-programs.ts';
import type { ProcessFacts } from '../../../../src/adapters/init/process/process-table.ts';

// No test can make a process that the kernel does not end; only that wait is made up here.
vi.mock('../../../../src/adapters/init/process/end-processes.ts', () => ({
  endProcesses: async (find: () => readonly ProcessFacts[]) => {
    if (find().length > 0) throw new Error('did not end, not even on SIGKILL');
  },
}));

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-stuck-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const specOf = (script: string, timeoutMs: number) => ({
  command: [process.execPath, '-e', script] as const,
  directory: folder,
  env: {},
  secrets: [],
  log: join(folder, 'build.log'),
  timeoutMs,
});

test('nobody waits for a program that cannot be ended', async () => {
  const lasting = specOf('setTimeout(() => {}, 3000)', 200);
  await expect(new ExecaPrograms().run(lasting)).rejects.toThrow('did not end');
});

test('a program that left something behind that cannot be ended has its own result', async () => {
  const script = `
    const { spawn } = require('node:child_process');
    spawn(process.execPath, ['-e', 'setTimeout(() => {}, 3000)'], { stdio: 'ignore' }).unref();
    process.exitCode = 3;`;
  expect(await new ExecaPrograms().run(specOf(script, 10_000))).toMatchObject({ status: 3 });
});

test('a program is not started any more for somebody who has left', async () => {
  const stop = new AbortController();
  const running = new ExecaPrograms().run(specOf('', 10_000), stop.signal);
  stop.abort(new Error('leaving'));
  await expect(running).rejects.toThrow('leaving');
});
