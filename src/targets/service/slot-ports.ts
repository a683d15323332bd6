import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { StepFailure } from '../target.ts';
import type { SlotName } from './slots.ts';
import type { State } from './state-file.ts';

/**
 * The port of a slot: the configured one, which must be free, or (0) one that Sallyport
 * chooses and keeps as long as it is free.
 */
export async function choosePort(
  slot: SlotName,
  configured: number,
  state: State,
): Promise<number> {
  if (configured === 0) {
    const kept = state.ports[slot];
    return kept !== undefined && (await tryPort(kept)) !== null ? kept : (await tryPort(0))!;
  }
  if ((await tryPort(configured)) !== null) return configured;
  const holder = await findHolder(configured).catch(() => null);
  throw new StepFailure(
    'port_taken',
    `port ${configured} of slot ${slot} is taken by ${holder ?? 'another program'}`,
    ['end that program, or choose other `ports` for the target'],
  );
}

/** Listens for a moment; the port, or `null` where it is taken. */
async function tryPort(port: number): Promise<number | null> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    return (server.address() as AddressInfo).port;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return null;
    throw error;
  } finally {
    server.close();
  }
}

/** `node (pid 4711)`, where this user may know. */
async function findHolder(port: number): Promise<string | null> {
  const inodes = new Set([
    ...listeningInodes(await readFile('/proc/net/tcp', 'utf8'), port),
    ...listeningInodes(await readFile('/proc/net/tcp6', 'utf8').catch(() => ''), port),
  ]);
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    if (!(await holdsSocket(pid, inodes))) continue;
    return `${await nameOf(pid)} (pid ${pid})`;
  }
  return null;
}

/** Its program as it was called: threads give `comm` names of their own, Node's says `MainThread`. */
async function nameOf(pid: string): Promise<string> {
  const [program = ''] = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
  return basename(program) || (await readFile(`/proc/${pid}/comm`, 'utf8')).trim();
}

/** Lines are `sl local_address rem_address st … inode`; the port is hexadecimal, 0A is LISTEN. */
function listeningInodes(table: string, port: number): readonly string[] {
  const ending = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(ending) && fields[3] === '0A')
    .map((fields) => fields[9]!);
}

async function holdsSocket(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const links = await Promise.all(
    files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')),
  );
  return links.some((link) => inodes.has(/^socket:\[(\d+)\]$/.exec(link)?.[1] ?? ''));
}
