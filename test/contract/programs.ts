import { readFileSync, writeFileSync } from 'node:fs';
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

  test('tells each line as it comes, redacted and without colours', async () => {
    const { programs, folder } = make();
    const told: string[] = [];
    const script = `
      process.stdout.write('\\x1b[32mtoken hun');
      setTimeout(() => process.stdout.write('ter2\\x1b[0m\\n\\n50%\\r100%\\nno end'), 50);
      setInterval(() => fs.existsSync('seen') && process.exit(0), 20);`;
    const tell = (line: string) => {
      told.push(line);
      // Told while it still runs: it waits for this.
      if (line === '100%') writeFileSync(join(folder, 'seen'), '');
    };
    await programs.run(specOf(folder, script, { secrets: ['hunter2'], tell }));
    expect(told).toEqual(['token [redacted]', '50%', '100%', 'no end']);
  });

  test('hands back the standard output that is asked for, as it is, and logs it redacted', async () => {
    const { programs, folder } = make();
    const script = `console.error('thinking'); console.log('{"key": "hunter2"}')`;
    const result = await programs.run(
      specOf(folder, script, { secrets: ['hunter2'], capture: 100 }),
    );
    expect(result.stdout).toBe('{"key": "hunter2"}\n');
    expect(logOf(folder).split('\n').toSorted()).toEqual(['', 'thinking', '{"key": "[redacted]"}']);
    expect((await programs.run(specOf(folder, script))).stdout).toBeUndefined();
  });

  test('hands back nothing of an output that is longer than it may be, and reads it to its end', async () => {
    const { programs, folder } = make();
    const script = `process.stdout.write('é'.repeat(500_000), () => console.error('all told'))`;
    const run = (capture: number) => programs.run(specOf(folder, script, { capture }));
    expect((await run(1_000_000)).stdout).toHaveLength(500_000);
    const cut = await run(999_999);
    expect([cut.status, cut.stdout]).toEqual([0, undefined]);
    // Two pipes have no order between them; each has arrived as a whole, once a run.
    const parts = logOf(folder).split('all told\n');
    expect(parts).toHaveLength(3);
    expect(parts.join('').replaceAll('é', '').length).toBe(0);
    expect(parts.join('')).toHaveLength(1_000_000);
  });

  test('an output that may hold undeclared secrets reaches neither the log nor the tail', async () => {
    const { programs, folder } = make();
    const script = `console.log('{"password": "x1"}'); console.error('shown')`;
    const result = await programs.run(specOf(folder, script, { capture: 100, unlogged: true }));
    expect(result.stdout).toBe('{"password": "x1"}\n');
    expect(result.tail).toEqual(['shown']);
    expect(logOf(folder)).toBe('shown\n');
  });

  test.each([
    ['ends tidily when it is asked to', `process.on('SIGINT', () => process.exit(0))`, 60_000],
    ['is ended when it takes too long', `process.on('SIGINT', () => console.log('no'))`, 200],
  ])('a program with time to end %s', async (_case, script, graceMs) => {
    const { programs, folder } = make();
    const keepOn = `console.log(process.pid); ${script}; setInterval(() => {}, 1000)`;
    const result = await programs.run(specOf(folder, keepOn, { timeoutMs: 500, graceMs }));
    expect(result.status).toBe('timeout');
    expect(result.durationMs).toBeLessThan(8_000);
    expect(isAlive(Number(result.tail[0]))).toBe(false);
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
