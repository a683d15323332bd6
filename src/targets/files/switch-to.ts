import { mkdir, realpath, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { StepFailure } from '../target.ts';
import { findLive } from './place.ts';
import type { Attempt, Backup } from './state-file.ts';
import type { World } from './world.ts';
import { syncFolder } from '../../disk/sync-folder.ts';

/**
 * Where what was there before is now; `null` where nothing was. Refuses a destination that
 * somebody changed since the backup was taken.
 */
export async function placeBefore(world: World, { before }: Attempt): Promise<string | null> {
  const live = await findLive(world);
  const mine = await realpath(world.directory).catch(() => null);
  if (live.kind === 'link' && live.directory === mine) return before?.directory ?? null;
  if (before === null && live.kind === 'nothing') return null;
  if (before?.adopted === true) {
    if (live.kind === 'directory') return live.directory;
    // Killed after the directory was moved, and before the link was made.
    if (live.kind === 'nothing' && (await exists(before.directory))) return before.directory;
  }
  if (live.kind === 'link' && live.directory === before?.directory) return live.directory;
  throw new StepFailure(
    'switch_failed',
    `somebody has changed where ${world.destination} leads since the backup was taken`,
    ['deploy again, which takes another backup'],
  );
}

/**
 * Lets the destination lead to a directory, atomically. `adopt`: where what is there is a directory
 * itself, it goes there first, since Linux cannot put a link over one: for a moment nothing is there.
 */
export async function switchTo(
  world: World,
  directory: string,
  adopt: Backup | null,
): Promise<void> {
  const { destination, store } = world;
  const parent = dirname(destination);
  await mkdir(parent, { recursive: true });
  const link = nextLinkOf(world);
  await rm(link, { force: true });
  const inStore = dirname(directory) === store;
  const target = inStore ? relative(parent, directory) : directory;
  await symlink(target, link);
  if (adopt?.adopted === true && (await findLive(world)).kind === 'directory') {
    await rename(destination, adopt.directory);
  }
  await rename(link, destination);
  await syncFolder(store);
  await syncFolder(parent);
}

/** The link that is about to become the destination. */
export function nextLinkOf({ store }: World): string {
  return join(store, 'next');
}

async function exists(path: string): Promise<boolean> {
  return (await realpath(path).catch(() => null)) !== null;
}
