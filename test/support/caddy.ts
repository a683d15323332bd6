import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const caddyProgram = ['/usr/bin/caddy', '/usr/local/bin/caddy'].find((path) => existsSync(path));

/** Whether there is a Caddy to test with. In CI its absence is an error, elsewhere a reason to skip. */
export function hasCaddy(): boolean {
  if (caddyProgram !== undefined) return true;
  const why = 'there is no caddy here: apt-get install -y caddy';
  if (process.env['CI']) throw new Error(why);
  process.stderr.write(`skipped: ${why}\n`);
  return false;
}

export interface CaddyServer {
  /** A folder of this server's own. */
  readonly root: string;
  readonly admin: string;
  /** As a boot does; without `resume` it takes up nothing of what it was told before. */
  start(resume?: boolean): Promise<void>;
  kill(): Promise<void>;
  /** Deletes what it would take up at its next start. */
  forget(): void;
  close(): Promise<void>;
}

/** A real Caddy whose configuration is that of its admin API; it listens nowhere else by itself. */
export async function startCaddy(): Promise<CaddyServer> {
  const root = mkdtempSync(join(tmpdir(), 'sp-caddy-'));
  const [listen, main] = [`127.0.0.1:${await freePort()}`, join(root, 'caddy.json')];
  writeFileSync(main, JSON.stringify({ admin: { listen } }));
  // What it is told meanwhile does not take the place of what it was told before.
  const bare = join(root, 'bare.json');
  writeFileSync(bare, JSON.stringify({ admin: { listen, config: { persist: false } } }));
  const env = { PATH: '/usr/bin:/bin', HOME: root, XDG_CONFIG_HOME: root, XDG_DATA_HOME: root };
  const admin = `http://${listen}`;
  let server: ChildProcess | null = null;

  async function start(resume = true): Promise<void> {
    const args = resume ? ['run', '--config', main, '--resume'] : ['run', '--config', bare];
    server = spawn(caddyProgram!, args, { stdio: 'ignore', cwd: root, env });
    for (let tries = 0; !(await fetch(`${admin}/config/`).catch(() => null)); tries += 1) {
      if (tries > 1_000 || server.exitCode !== null) throw new Error('caddy does not start');
      await sleep(10);
    }
  }

  async function kill(): Promise<void> {
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  }

  await start();
  return {
    root,
    admin,
    start,
    kill,
    forget: () => rmSync(join(root, 'caddy', 'autosave.json'), { force: true }),
    async close() {
      await kill();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
