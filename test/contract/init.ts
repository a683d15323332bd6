import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { Init, ServiceSpec } from '../../src/ports/init.ts';

export interface InitBench {
  readonly init: Init;
  /** A new folder for the test's files. */
  readonly folder: string;
  /** What makes the same init in another process: an expression of a module, and what it imports. */
  readonly elsewhere: { readonly imports: string; readonly expression: string };
  /** Ends everything and begins anew, as a boot does; absent where nothing comes back by itself. */
  readonly reboot?: () => Promise<void>;
}

/** What every Init promises. */
export function initContract(make: () => InitBench): void {
  const idle = 'setInterval(() => {}, 1000)';

  function specOf(folder: string, script: string, env: Record<string, string> = {}): ServiceSpec {
    return {
      name: 'staging.web.blue',
      command: [process.execPath, '-e', script],
      directory: folder,
      env: { PATH: process.env['PATH'] ?? '', ...env },
      log: join(folder, 'logs', 'web.log'),
    };
  }

  test('starts a program with exactly its environment, in its directory, and keeps its output', async () => {
    const { init, folder } = make();
    const script = `console.log(process.cwd(), process.env.GREETING, process.env.HOME); ${idle}`;
    const spec = specOf(folder, script, { GREETING: 'aloha' });
    await init.start(spec);
    await vi.waitFor(async () => {
      expect(await init.lines(spec.name, spec.log, 20)).toEqual([`${folder} aloha undefined`]);
    });
    expect(await init.status(spec.name)).toMatchObject({ running: true, ended: null });
    await init.stop(spec.name, 1000);
  });

  test('starting again ends the older one first', async () => {
    const { init, folder } = make();
    await init.start(specOf(folder, idle));
    const first = await init.status('staging.web.blue');
    await init.start(specOf(folder, idle));
    const second = await init.status('staging.web.blue');
    expect(second.pid).not.toBe(first.pid);
    expect(isAlive(first.pid)).toBe(false);
    await init.stop('staging.web.blue', 1000);
  });

  test('stop ends it, again and again without harm, and without ever having started', async () => {
    const { init, folder } = make();
    await init.stop('staging.web.green', 0);
    await init.start(specOf(folder, idle));
    const { pid } = await init.status('staging.web.blue');
    await init.stop('staging.web.blue', 1000);
    await init.stop('staging.web.blue', 1000);
    expect(isAlive(pid)).toBe(false);
    expect(await init.status('staging.web.blue')).toMatchObject({ running: false, pid: null });
  });

  test('a program that ignores SIGTERM is killed after the grace, its children with it', async () => {
    const { init, folder } = make();
    const script = `
      process.on('SIGTERM', () => {});
      const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(`process.on('SIGTERM', () => {}); ${idle}`)}]);
      require('node:fs').writeFileSync('child', String(child.pid));
      ${idle}`;
    await init.start(specOf(folder, script));
    // A file is there before what is written to it.
    const child = await vi.waitFor(() => {
      const said = Number(readFileSync(join(folder, 'child'), 'utf8'));
      expect(said).toBeGreaterThan(0);
      return said;
    });
    expect(isAlive(child)).toBe(true);
    await init.stop('staging.web.blue', 50);
    expect(isAlive(child)).toBe(false);
  });

  test('a signal reaches the program, and one that is not running is refused', async () => {
    const { init, folder } = make();
    await expect(init.signal('staging.web.blue', 'SIGHUP')).rejects.toMatchObject({
      code: 'not_running',
    });
    const spec = specOf(
      folder,
      `process.on('SIGHUP', () => console.log('again')); console.log('up'); ${idle}`,
    );
    await init.start(spec);
    const printed = () => init.lines(spec.name, spec.log, 20);
    await vi.waitFor(async () => expect(await printed()).toEqual(['up']));
    await init.signal(spec.name, 'SIGHUP');
    await vi.waitFor(async () => expect(await printed()).toEqual(['up', 'again']));
    await init.stop(spec.name, 1000);
  });

  test('one that ends by itself is not running, and says how it ended', async () => {
    const { init, folder } = make();
    await init.start(specOf(folder, 'process.exit(3)'));
    await vi.waitFor(async () => {
      expect(await init.status('staging.web.blue')).toEqual({
        running: false,
        pid: null,
        ended: 3,
      });
    });
  });

  test('a program that is not there is refused with its name', async () => {
    const { init, folder } = make();
    const spec = { ...specOf(folder, ''), command: ['no-such-program'] as const };
    await expect(init.start(spec)).rejects.toMatchObject({
      code: 'start_failed',
      message: expect.stringContaining('no-such-program'),
    });
    expect(await init.status(spec.name)).toMatchObject({ running: false });
  });

  test('the last lines are those since the last start, as many as are asked for', async () => {
    const { init, folder } = make();
    const spec = (word: string) =>
      specOf(folder, `for (const n of [1, 2, 3]) console.log('${word}', n); ${idle}`);
    const { name, log } = spec('');
    expect(await init.lines(name, log, 20)).toEqual([]);
    await init.start(spec('first'));
    await vi.waitFor(async () => expect(await init.lines(name, log, 20)).toHaveLength(3));
    await init.start(spec('second'));
    await vi.waitFor(async () => {
      expect(await init.lines(name, log, 20)).toEqual(['second 1', 'second 2', 'second 3']);
    });
    expect(await init.lines(name, log, 2)).toEqual(['second 2', 'second 3']);
    await init.stop(name, 1000);
  });

  test('programs outlive the agent that is killed, and the next one finds and ends them', async () => {
    const { init, folder, elsewhere } = make();
    const spec = specOf(folder, idle);
    const agent = `${elsewhere.imports};
      await (${elsewhere.expression}).start(${JSON.stringify(spec)});
      process.kill(process.pid, 'SIGKILL');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', agent], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
    const { running, pid } = await init.status(spec.name);
    expect(running).toBe(true);
    expect(isAlive(pid)).toBe(true);
    await init.stop(spec.name, 1000);
    expect(isAlive(pid)).toBe(false);
  });

  test('what comes back after a boot is what runs, not what was stopped', async () => {
    const { init, folder, reboot } = make();
    if (!reboot) return;
    const [blue, green] = [
      specOf(folder, idle),
      { ...specOf(folder, idle), name: 'staging.web.green' },
    ];
    await init.start(blue);
    await init.start(green);
    await init.stop(green.name, 1000);
    const before = await init.status(blue.name);
    await reboot();
    await vi.waitFor(async () => {
      expect(await init.status(blue.name)).toMatchObject({ running: true });
    });
    expect((await init.status(blue.name)).pid).not.toBe(before.pid);
    expect(await init.status(green.name)).toMatchObject({ running: false });
    await init.stop(blue.name, 1000);
  });

  test('looking what is wrong with the host finds nothing where programs run', async () => {
    const { init } = make();
    expect(await init.check()).toEqual([]);
  });
}

export function isAlive(pid: number | null): boolean {
  if (pid === null) return false;
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
