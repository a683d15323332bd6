import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { killGroup } from './kill-group.ts';

export const haproxyProgram = [
  '/usr/sbin/haproxy',
  '/usr/bin/haproxy',
  '/usr/local/sbin/haproxy',
].find((path) => existsSync(path));

/** Whether there is an HAProxy to test with. In CI its absence is an error, elsewhere a reason to skip. */
export function hasHaproxy(): boolean {
  if (haproxyProgram !== undefined) return true;
  const why = 'there is no haproxy here: apt-get install -y haproxy';
  if (process.env['CI']) throw new Error(why);
  process.stderr.write(`skipped: ${why}\n`);
  return false;
}

export interface HaproxyServer {
  /** A folder of this server's own; nothing else is in it but what is named here. */
  readonly root: string;
  /** The configuration that a user would write. */
  readonly main: string;
  /** `*.cfg` of it is read too. */
  readonly folder: string;
  readonly socket: string;
  readonly check: readonly [string, ...string[]];
  readonly reload: readonly [string, ...string[]];
  start(): Promise<void>;
  /** As a failing machine ends it: master and workers at once. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

/** A real HAProxy with its own configuration in a temporary folder; it listens nowhere by itself. */
export async function startHaproxy(): Promise<HaproxyServer> {
  const root = mkdtempSync(join(tmpdir(), 'sp-haproxy-'));
  const [folder, main] = [join(root, 'sallyport'), join(root, 'haproxy.cfg')];
  const [socket, pid] = [join(root, 'admin.sock'), join(root, 'pid')];
  mkdirSync(folder);
  writeFileSync(main, configuration(socket));
  let master: ChildProcess | null = null;

  async function start(): Promise<void> {
    const args = ['-W', '-p', pid, '-f', main, '-f', folder];
    // A process group of its own, so that the workers can be ended with their master.
    master = spawn(haproxyProgram!, args, { stdio: 'ignore', detached: true });
    // It writes the process id of its workers there only when it runs as a daemon.
    writeFileSync(pid, String(master.pid));
    for (let tries = 0; !(await answers(socket)); tries += 1) {
      if (tries > 400 || master.exitCode !== null) throw new Error('haproxy does not start');
      await sleep(10);
    }
  }

  const kill = () => killGroup(master);

  await start();
  return {
    root,
    main,
    folder,
    socket,
    check: [haproxyProgram!, '-c', '-q', '-f', main, '-f', folder],
    reload: ['sh', '-c', `kill -USR2 "$(cat ${pid})"`],
    start,
    kill,
    async close() {
      await kill();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function configuration(socket: string): string {
  return `global
    stats socket ${socket} mode 660 level admin
defaults
    mode http
    timeout connect 5000
    timeout client 50000
    timeout server 50000
`;
}

async function answers(socket: string): Promise<boolean> {
  const client = connect(socket);
  const found = await Promise.race([
    once(client, 'connect').then(() => true),
    once(client, 'error').then(() => false),
  ]).catch(() => false);
  client.destroy();
  return found;
}
