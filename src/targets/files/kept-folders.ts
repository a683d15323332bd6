import { chmod, mkdir, readdir, readlink, rename, rmdir, stat, symlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { factsOf, own } from './file-facts.ts';
import type { World } from './world.ts';

/** Where a folder lives that is kept whole, beside the directories that link to it. */
export function keptFolderOf({ store }: World, folder: string): string {
  return join(store, 'kept', folder);
}

/**
 * Brings the folders that are kept whole to where they live, if they are still in a directory, and
 * makes those that are nowhere. Can be repeated. Done before a switch; programs that have such a
 * folder or a file in it open go on writing to the same one.
 */
export async function gatherKeptFolders(world: World, directory: string | null): Promise<void> {
  for (const folder of world.kept.folders) {
    const home = keptFolderOf(world, folder);
    await mkdir(dirname(home), { recursive: true });
    if (directory !== null) await moveHome(join(directory, folder), home);
    if ((await factsOf(home)) === null) await makeLike(home, directory);
  }
}

async function moveHome(place: string, home: string): Promise<void> {
  const facts = await factsOf(place);
  if (facts?.isDirectory() === true) {
    await merge(place, home);
  } else if (facts?.isSymbolicLink() === true && (await factsOf(home)) === null) {
    // Somebody's link to elsewhere stays one.
    await symlink(resolve(dirname(place), await readlink(place)), home);
    return;
  }
  // Also where an earlier run was killed right after it had moved the folder.
  const isGone = facts === null || facts.isDirectory();
  if (isGone && (await factsOf(home)) !== null && (await factsOf(dirname(place))) !== null) {
    // In full, since a directory that is adopted is about to move.
    await symlink(home, place);
  }
}

/** Moves a folder to where another one may be already: what is newer there, in `place`, wins. */
async function merge(place: string, home: string): Promise<void> {
  const there = await factsOf(home);
  if (there === null || !there.isDirectory()) {
    await rename(place, home);
    return;
  }
  for (const entry of await readdir(place, { withFileTypes: true })) {
    const [from, to] = [join(place, entry.name), join(home, entry.name)];
    await (entry.isDirectory() ? merge(from, to) : rename(from, to));
  }
  await rmdir(place);
}

/** Whoever writes at the destination can write in it. */
async function makeLike(home: string, directory: string | null): Promise<void> {
  await mkdir(home);
  const model = directory === null ? null : await stat(directory);
  if (model === null) return;
  await own(home, await stat(home), model);
  await chmod(home, model.mode & 0o3777);
}
