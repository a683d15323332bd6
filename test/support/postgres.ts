import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

/** Where Debian keeps the server's programs, which are not on the PATH; the newest version. */
const debian = '/usr/lib/postgresql';
const programs = (existsSync(debian) ? readdirSync(debian) : [])
  .map((version) => join(debian, version, 'bin'))
  .filter((folder) => existsSync(join(folder, 'initdb')))
  .toSorted()
  .at(-1);

/** Whether there is a server to test with. In CI its absence is an error, elsewhere a reason to skip. */
export function hasPostgres(): boolean {
  if (programs !== undefined) return true;
  const why = 'there is no PostgreSQL server here: apt-get install -y postgresql';
  if (process.env['CI']) throw new Error(why);
  process.stderr.write(`skipped: ${why}\n`);
  return false;
}

export interface PostgresServer {
  /** Its one database. */
  readonly url: string;
  /** Empties the database. */
  clear(): Promise<void>;
  /** Ends it as a failing machine would. */
  crash(): Promise<void>;
  /** Starts it again after a crash. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** As a careless administrator has it: commits may be lost, unless a session asks for more. */
const careless = ['listen_addresses=', 'synchronous_commit=off', 'wal_writer_delay=10s'].flatMap(
  (setting) => ['-c', setting],
);

/** A real PostgreSQL with its own data in a temporary folder, on a socket in it. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'sp-pg-'));
  const data = join(folder, 'data');
  const who = owner();
  if (who.uid !== undefined) chownSync(folder, who.uid, who.gid!);
  chmodSync(folder, 0o700);
  const program = (name: string) => join(programs!, name);
  const run = (name: string, ...args: readonly string[]) =>
    execFileSync(program(name), args, { ...who, cwd: folder, stdio: 'pipe' });
  run('initdb', '-D', data, '-U', 'sallyport', '--auth=trust', '--no-sync', '-E', 'UTF8');
  const url = `postgres://sallyport@/postgres?host=${encodeURIComponent(folder)}`;
  const isReady = () => {
    try {
      run('pg_isready', '-h', folder, '-q');
      return true;
    } catch {
      return false;
    }
  };
  let server: ChildProcess | null = null;
  const start = async (): Promise<void> => {
    const started = spawn(program('postgres'), ['-D', data, '-k', folder, ...careless], {
      ...who,
      cwd: folder,
      stdio: 'ignore',
    });
    server = started;
    for (let tries = 0; !isReady(); tries += 1) {
      if (tries > 200 || started.exitCode !== null) throw new Error('PostgreSQL does not start');
      await sleep(50);
    }
  };
  /** At once, without writing anything more. */
  const crash = async (): Promise<void> => {
    if (!server || server.exitCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGQUIT');
    await ended;
  };
  await start();
  return {
    url,
    async clear() {
      const client = new Client({ connectionString: url });
      await client.connect();
      await client.query('drop schema public cascade; create schema public');
      await client.end();
    },
    start,
    crash,
    async close() {
      await crash();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root; its package made a user for it. */
function owner(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string) =>
    Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}
