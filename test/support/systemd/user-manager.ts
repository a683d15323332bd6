import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { executeHere, type Execute } from '../../../src/adapters/init/systemd/execute.ts';

const needed = ['/lib/systemd/systemd', '/lib/systemd/systemd-journald', '/usr/bin/nsenter'];

/** Whether there can be a systemd to test with. In CI its absence is an error, elsewhere a reason to skip. */
export function hasUserManager(): boolean {
  const missing = needed.find((path) => !existsSync(path));
  const why =
    missing !== undefined
      ? `${missing} is missing: apt-get install -y systemd`
      : process.getuid?.() !== 0
        ? 'a systemd of its own takes root'
        : null;
  if (why === null) return true;
  if (process.env['CI']) throw new Error(why);
  process.stderr.write(`skipped: ${why}\n`);
  return false;
}

export interface UserManager {
  /** Words that come before a command which is to reach it. */
  readonly enter: readonly [string, ...string[]];
  /** Runs a command where it reaches this manager. */
  readonly execute: Execute;
  /** Where the manager is, but as root. */
  readonly asRoot: Execute;
  /** Ends the manager with all its services, and starts it again, as a boot does. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** A real `systemd --user` with a journal, in namespaces of its own; its home is in `folder`. */
export async function startUserManager(folder: string, uid = 0): Promise<UserManager> {
  const home = join(folder, 'home');
  mkdirSync(home, { recursive: true });
  const script = join(import.meta.dirname, 'user-manager.sh');
  const holder = spawn(script, [home, String(uid)], { stdio: ['pipe', 'pipe', 'ignore'] });
  const [line] = (await once(createInterface(holder.stdout), 'line')) as [string];
  const pid = line.replace('ready ', '');
  const become = ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];
  const enter: UserManager['enter'] = [
    'nsenter',
    `--target=${pid}`,
    '--mount',
    '--wd=/',
    ...(uid === 0 ? [] : become),
    'env',
    `XDG_RUNTIME_DIR=/run/user/${uid}`,
  ];
  const here = executeHere(null);
  const execute: Execute = (command) => here([...enter, ...command]);
  const isUp = async (): Promise<void> => {
    for (;;) {
      const { stdout } = await execute(['systemctl', '--user', 'is-system-running']);
      if (stdout === 'running' || stdout === 'degraded') return;
      await sleep(20);
    }
  };
  await isUp();
  return {
    enter,
    execute,
    asRoot: (command) => here(['nsenter', `--target=${pid}`, '--mount', '--wd=/', ...command]),
    async restart() {
      await execute(['systemctl', '--user', 'exit']);
      await isUp();
    },
    async close() {
      const ended = once(holder, 'exit');
      holder.stdin.end();
      await ended;
    },
  };
}
