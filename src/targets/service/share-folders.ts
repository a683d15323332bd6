import { constants } from 'node:fs';
import { cp, lstat, realpath, rm } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { isSlotName, slotNames } from './slots.ts';
import type { Slot, State } from './state-file.ts';
import type { World } from './world.ts';

/**
 * Gives a fresh tree the folders that builds fill, as the last release left them. Each file shares its
 * blocks with the old one where the file system can do that, and is a copy elsewhere; never a hard
 * link, since a build that writes in place would change the program that runs. What the commit
 * has itself stays; what cannot be taken over is made by the build.
 */
export async function shareFolders(world: World, fresh: string): Promise<void> {
  const { share, path } = world.config;
  if (share.length === 0) return;
  const last = lastRelease(await world.state.read());
  if (last === null) return;
  for (const folder of share) {
    const from = join(last.tree, last.config.path, folder);
    const to = join(fresh, path, folder);
    if (!(await isFolderIn(last.tree, from)) || !(await isFreeIn(fresh, to))) continue;
    await copy(world, folder, from, to);
  }
}

/** The one with the traffic, else what is in a slot at all. */
function lastRelease({ slots, live, attempt }: State): Slot | null {
  const before = attempt?.before?.slot ?? null;
  const names = [isSlotName(before) ? before : null, live, ...slotNames];
  return names.map((name) => name && slots[name]).find((slot) => slot !== null) ?? null;
}

async function copy(world: World, folder: string, from: string, to: string): Promise<void> {
  try {
    await cp(from, to, {
      recursive: true,
      verbatimSymlinks: true,
      preserveTimestamps: true,
      mode: constants.COPYFILE_FICLONE,
    });
    world.progress(`${folder} begins as the last release left it`);
  } catch (error) {
    // Half of a folder would mislead the build.
    await rm(to, { recursive: true, force: true });
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT') throw error;
    world.progress(`${folder} begins empty: ${message}`);
  }
}

/** A real folder, reached through real folders: nothing from outside the tree is taken. */
async function isFolderIn(tree: string, path: string): Promise<boolean> {
  const facts = await lstat(path).catch(() => null);
  return facts?.isDirectory() === true && (await isInside(tree, path));
}

/** Nothing is there yet, and its place is inside the tree: a link of the commit leads nowhere else. */
async function isFreeIn(tree: string, path: string): Promise<boolean> {
  const facts = await lstat(path).catch(() => null);
  return facts === null && (await isInside(tree, dirname(path)));
}

async function isInside(tree: string, path: string): Promise<boolean> {
  const [root, place] = await Promise.all(
    [tree, path].map((each) => realpath(each).catch(() => null)),
  );
  return root !== null && place !== null && `${place}${sep}`.startsWith(`${root}${sep}`);
}
