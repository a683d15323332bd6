import type { Stats } from 'node:fs';
import { chown, copyFile, link, lstat, mkdir, rename, rm, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Desired } from './desired.ts';
import { splitActual } from './tree.ts';
import { walk } from './walk.ts';
import type { World } from './world.ts';

/**
 * Brings single files that stay from one directory to another: those that `keep` names and, without
 * `prune`, those that Git does not know. They are the same files afterwards (hard links), so
 * that a program that has one open writes to both; of two that differ the newer one stands. Done
 * before a switch and again after it, for what was made in between. Can be repeated.
 */
export async function carryFiles(
  world: World,
  desired: Desired,
  from: string,
  to: string,
): Promise<void> {
  for (const path of staying(world, desired, from)) {
    await carryFile(join(from, path), join(to, path));
  }
}

function staying(world: World, desired: Desired, from: string): readonly string[] {
  const { kept, config } = world;
  if (config.keep.length === 0 && config.prune) return [];
  const paths = [...walk(from, new Set(kept.folders))];
  const others = paths.filter((path) => !kept.isKept(path));
  const files = new Map(others.map((path) => [path, { kind: 'file', oid: '' } as const]));
  const { unmanaged } = splitActual(desired, files, config.prune);
  return [...paths.filter((path) => kept.isKept(path)), ...unmanaged];
}

async function carryFile(from: string, to: string): Promise<void> {
  const [source, there] = [await factsOf(from), await factsOf(to)];
  if (source === null || (there !== null && !isOlder(there, source))) return;
  await mkdir(dirname(to), { recursive: true });
  const aside = `${to}.sallyport-new`;
  await rm(aside, { force: true });
  try {
    await link(from, aside).catch((error: NodeJS.ErrnoException) =>
      copy(error, from, aside, source),
    );
    await rename(aside, to);
  } catch (error) {
    // The program removed it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

function isOlder(there: Stats, source: Stats): boolean {
  return there.ino !== source.ino && !there.isDirectory() && there.mtimeMs < source.mtimeMs;
}

/** Linux lets nobody link a file of another user's that cannot be written; not all disks know links. */
async function copy(
  error: NodeJS.ErrnoException,
  from: string,
  to: string,
  { uid, gid, atime, mtime }: Stats,
): Promise<void> {
  if (error.code !== 'EPERM' && error.code !== 'EMLINK' && error.code !== 'ENOTSUP') throw error;
  await copyFile(from, to);
  const made = await lstat(to);
  if (made.uid !== uid || made.gid !== gid) await chown(to, uid, gid);
  await utimes(to, atime, mtime);
}

async function factsOf(path: string): Promise<Stats | null> {
  return lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
}
