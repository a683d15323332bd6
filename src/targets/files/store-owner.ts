import { lstat, mkdir, readlink, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StepFailure } from '../target.ts';
import type { World } from './world.ts';

/** Says whose directories are in a store, the name of the target on this host: a link, which is there whole or not at all. */
const ownerFile = 'target';

/** Refuses a store that somebody else prepared, or that another target of this host writes to. */
export async function assertOwnStore({ store, route, destination }: World): Promise<void> {
  const facts = await lstat(store).catch(() => null);
  if (facts === null) return;
  if (!facts.isDirectory()) {
    throw new StepFailure('unsafe_path', `${store} is no directory`, ['move it away']);
  }
  const owner = await readlink(join(store, ownerFile)).catch(() => route);
  if (owner === route) return;
  throw new StepFailure(
    'config_invalid',
    `${basename(destination)} belongs to ${owner}: two targets cannot share a destination`,
    [`give ${route} another \`destination\``],
  );
}

export async function markOwn({ store, route }: World): Promise<void> {
  await mkdir(store, { recursive: true });
  await symlink(route, join(store, ownerFile)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}
