import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { killGroup } from './kill-group.ts';

export const nginxProgram = ['/usr/sbin/nginx', '/usr/bin/nginx', '/usr/local/sbin/nginx'].find(
  (path) => existsSync(path),
);

/** Whether there is an nginx to test with. In CI its absence is an error, elsewhere a reason to skip. */
export function hasNginx(): boolean {
  if (nginxProgram !== undefined) return true;
  const why = 'there is no nginx here: apt-get install -y nginx';
  if (process.env['CI']) throw new Error(why);
  process.stderr.write(`skipped: ${why}\n`);
  return false;
}

export interface NginxServer {
  /** A folder of this server's own; nothing else is in it but what is named here. */
  readonly root: string;
  /** `*.conf` of it is included. */
  readonly folder: string;
  readonly check: readonly [string, ...string[]];
  readonly reload: readonly [string, ...string[]];
  start(): Promise<void>;
  /** As a failing machine ends it: master and workers at once. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

/** A real nginx with its own configuration in a temporary folder; it listens nowhere by itself. */
export async function startNginx(): Promise<NginxServer> {
  const root = mkdtempSync(join(tmpdir(), 'sp-nginx-'));
  // Its workers are another user where it is started by root.
  chmodSync(root, 0o755);
  const [folder, main] = [join(root, 'conf.d'), join(root, 'nginx.conf')];
  mkdirSync(folder);
  writeFileSync(main, configuration(root, folder));
  const args = ['-p', root, '-c', main, '-e', join(root, 'error.log')];
  let master: ChildProcess | null = null;

  async function start(): Promise<void> {
    const pid = join(root, 'pid');
    rmSync(pid, { force: true });
    // A process group of its own, so that the workers can be ended with their master.
    master = spawn(nginxProgram!, args, { stdio: 'ignore', detached: true });
    for (let tries = 0; !existsSync(pid); tries += 1) {
      if (tries > 400 || master.exitCode !== null) throw new Error('nginx does not start');
      await sleep(10);
    }
  }

  const kill = () => killGroup(master);

  await start();
  return {
    root,
    folder,
    check: [nginxProgram!, ...args, '-t', '-q'],
    reload: [nginxProgram!, ...args, '-s', 'reload'],
    start,
    kill,
    async close() {
      await kill();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function configuration(root: string, folder: string): string {
  return `daemon off; master_process on; worker_processes 1; pid ${root}/pid;
events { worker_connections 512; }
http {
  access_log off;
  client_body_temp_path ${root}/body; proxy_temp_path ${root}/proxy;
  fastcgi_temp_path ${root}/fastcgi; uwsgi_temp_path ${root}/uwsgi; scgi_temp_path ${root}/scgi;
  include ${folder}/*.conf;
}
`;
}
