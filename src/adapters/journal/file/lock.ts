import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { identifyProcess } from './process-identity.ts';

export interface HeldLock {
  release(): Promise<void>;
}

/**
 * Takes the lock file at `path` for this process; `null` where a living process holds it.
 * The file names its holder, so the lock of a process that died is taken over.
 */
export async function takeLock(path: string): Promise<HeldLock | null> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const mine = besideOf(path);
  // Written whole before it is linked into place: nobody ever reads half a lock.
  await writeFile(mine, `${await identifyProcess(process.pid)}\n`, { mode: 0o600, flag: 'wx' });
  try {
    const taken =
      (await tryLink(mine, path)) || ((await removeStale(path)) && (await tryLink(mine, path)));
    if (!taken) return null;
    await removeRests(path);
    return { release: () => removeFile(path) };
  } finally {
    await removeFile(mine);
  }
}

/**
 * Gives a lock that this process holds to another living one, in one step: at no moment is it free.
 * The other one takes it up with `keepLock`.
 */
export async function passLock(path: string, pid: number): Promise<void> {
  const theirs = `${path}.${randomUUID()}`;
  const identity = await identifyProcess(pid);
  if (identity === null) throw new Error(`process ${pid} has ended`);
  await writeFile(theirs, `${identity}\n`, { mode: 0o600, flag: 'wx' });
  await rename(theirs, path);
}

/** A lock that names this process already; `null` where it names another one, or nobody. */
export async function keepLock(path: string): Promise<HeldLock | null> {
  const isMine = (await readLock(path)) === (await identifyProcess(process.pid));
  return isMine ? { release: () => removeFile(path) } : null;
}

/** The pid that the lock file names; `null` where there is none. */
export async function holderOf(path: string): Promise<number | null> {
  const pid = Number.parseInt((await readLock(path)) ?? '', 10);
  return Number.isNaN(pid) ? null : pid;
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves a dead process' lock aside. Two that try it at once: the one that moved a living lock puts it back. */
async function removeStale(path: string): Promise<boolean> {
  const before = await readLock(path);
  if (before !== null && (await isHeld(before))) return false;
  const aside = besideOf(path);
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw error;
  }
  const moved = await readLock(aside);
  const stale = moved === before || moved === null || !(await isHeld(moved));
  if (!stale) await tryLink(aside, path);
  await removeFile(aside);
  return stale;
}

/** A file of this process alone, named so that others can tell when it died. */
function besideOf(path: string): string {
  return `${path}.${process.pid}.${randomUUID()}`;
}

/** Removes what processes left beside the lock that were killed while they took it. */
async function removeRests(path: string): Promise<void> {
  const prefix = `${basename(path)}.`;
  const names = (await readdir(dirname(path))).filter((name) => name.startsWith(prefix));
  for (const name of names) {
    const [, pid] = /^(\d+)\.[0-9a-f-]{36}$/.exec(name.slice(prefix.length)) ?? [];
    if (pid === undefined || (await identifyProcess(Number(pid))) !== null) continue;
    await removeFile(join(dirname(path), name));
  }
}

async function isHeld(identity: string): Promise<boolean> {
  const pid = Number.parseInt(identity, 10);
  return pid > 0 && (await identifyProcess(pid)) === identity;
}

async function readLock(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function removeFile(path: string): Promise<void> {
  await unlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}
