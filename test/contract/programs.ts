import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { ProgramSpec, Programs } from '../../src/ports/programs.ts';
import { isAlive } from './init.ts';

/** What every Programs promises. `folder` is a new folder for the test's files. */
export function programsContract(
  make: () => { readonly programs: Programs; readonly folder: string },
): void {
  function specOf(folder: string, script: string, change: Partial<ProgramSpec> = {}): ProgramSpec {
    return {
      command: [process.execPath, '-e', script],
      directory: folder,
      env: { PATH: process.env['PATH'] ?? '' },
      secrets: [],
      log: join(folder, 'logs', 'build.log'),
      timeoutMs: 10_000,
      ...change,
    };
  }
  const logOf = (folder: string) => readFileSync(join(folder, 'logs', 'build.log'), 'utf8');

  test('gives the exit code, and the output in the log', async () => {
    const { programs, folder } = make();
    const script = `console.log('out'); console.error(process.env.HOME); process.exitCode = 4`;
    const result = await programs.run(specOf(folder, script));
    expect(result.status).toBe(4);
    expect([...result.tail].toSorted()).toEqual(['out', 'undefined']);
    expect(logOf(folder).split('\n').toSorted()).toEqual(['', 'out', 'undefined']);
  });

  test('keeps the last 20 lines, and all of them in the log', async () => {
    const { programs, folder } = make();
    const script = `for (let n = 1; n <= 1000; n++) console.log('line ' + n)`;
    const { tail } = await programs.run(specOf(folder, script));
    expect(tail).toHaveLength(20);
    expect(tail.at(-1)).toBe('line 1000');
    expect(logOf(folder).split('\n')).toHaveLength(1001);
  });

  test('a program that is not there, or is no program, has a status of its own', async () => {
    const { programs, folder } = make();
    const run = (command: string) => programs.run(specOf(folder, '', { command: [command] }));
    expect((await run('no-such-program')).status).toBe('not-found');
    expect((await run(folder)).status).toBe('not-executable');
  });

  test('gives the signal that ended it', async () => {
    const { programs, folder } = make();
    const result = await programs.run(specOf(folder, `process.kill(process.pid, 'SIGKILL')`));
    expect(result.status).toBe('SIGKILL');
  });

  test('secrets reach neither the log nor the tail, however the output is cut', async () => {
    const { programs, folder } = make();
    const script = `
      process.stdout.write('password: hun');
      setTimeout(() => process.stdout.write('ter2!\\n'), 50);`;
    const { tail } = await programs.run(specOf(folder, script, { secrets: ['hunter2'] }));
    expect(tail).toEqual(['password: [redacted]!']);
    expect(logOf(folder)).toBe('password: [redacted]!\n');
  });

  test('on a timeout the whole process group ends', async () => {
    const { programs, folder } = make();
    const result = await programs.run(specOf(folder, withGrandchild(), { timeoutMs: 500 }));
    expect(result.status).toBe('timeout');
    expect(isAlive(Number(result.tail[0]))).toBe(false);
  });

  test('on an abort the whole process group ends, and the reason is thrown', async () => {
    const { programs, folder } = make();
    const abort = new AbortController();
    const run = programs.run(specOf(folder, withGrandchild()), abort.signal);
    const pid = await vi.waitFor(() => {
      const text = logOf(folder);
      expect(text).toMatch(/\d+\n/);
      return Number(text);
    });
    abort.abort(new Error('enough'));
    await expect(run).rejects.toThrow('enough');
    expect(isAlive(pid)).toBe(false);
  });

  test.each([true, false])(
    'a grandchild that keeps the output open does not hang it (detached: %s)',
    async (detached) => {
      const { programs, folder } = make();
      const result = await programs.run(specOf(folder, withGrandchild(detached, true)));
      expect(result.status).toBe(0);
      expect(result.durationMs).toBeLessThan(5_000);
      expect(isAlive(Number(result.tail[0]))).toBe(false);
    },
  );
}

/** A program whose child inherits its output and never ends; prints the child's pid. */
function withGrandchild(detached = false, ends = false): string {
  return `
    const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'],
      { stdio: 'inherit', detached: ${detached} });
    console.log(child.pid);
    ${ends ? 'process.exit(0)' : 'setInterval(() => {}, 1000)'}`;
}
