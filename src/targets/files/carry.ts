import type { Stats } from 'node:fs';
import { copyFile, link, lstat, mkdir, rename, rm, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { carryFolders } from './carry-folders.ts';
import type { Desired } from './desired.ts';
import { factsOf, own } from './file-facts.ts';
import { foldersAbove, splitActual } from './tree.ts';
import { walk, walkEmptyFolders } from './walk.ts';
import type { World } from './world.ts';

/**
 * Brings what stays from one directory to another: single files that `keep` names and, without
 * `prune`, what Git does not know, in folders as they were. Files are the same ones afterwards
 * (hard links), so that a program that has one open writes to both; of two that differ the newer
 * one stands. Done before a switch and again after it, for what was made in between. Can be repeated.
 */
export async function carryFiles(
  world: World,
  desired: Desired,
  from: string,
  to: string,
): Promise<void> {
  const paths = staying(world, desired, from);
  await carryFolders(foldersOf(world, desired, paths, from), from, to);
  for (const path of paths) {
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

/** The folders of what stays. Those of Git's own files are made with the directory. */
function foldersOf(
  { kept, config }: World,
  desired: Desired,
  paths: readonly string[],
  from: string,
): ReadonlySet<string> {
  const empty = config.prune ? [] : [...walkEmptyFolders(from, new Set(kept.folders))];
  const all = new Set([...paths.flatMap(foldersAbove), ...empty, ...empty.flatMap(foldersAbove)]);
  if (all.size === 0) return all;
  const own = new Set([...desired.keys()].flatMap(foldersAbove));
  const isGits = (folder: string): boolean =>
    own.has(folder) || [folder, ...foldersAbove(folder)].some((path) => desired.has(path));
  return new Set([...all].filter((folder) => !isGits(folder)));
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
  source: Stats,
): Promise<void> {
  if (error.code !== 'EPERM' && error.code !== 'EMLINK' && error.code !== 'ENOTSUP') throw error;
  await copyFile(from, to);
  await own(to, await lstat(to), source);
  await utimes(to, source.atime, source.mtime);
}
