import { join } from 'node:path';
import type { Step } from '../target.ts';
import { isOf } from './attempt.ts';
import { look, planFiles } from './compare.ts';
import { takeManifest } from './manifest.ts';
import { onDisk } from './on-disk.ts';
import type { Live } from './place.ts';
import type { Backup } from './state-file.ts';
import { assertOwnStore } from './store-owner.ts';
import type { Tree } from './tree.ts';
import type { World } from './world.ts';

/** What must be known before anything is changed. */
export function prepareSteps(world: World): readonly Step[] {
  return [
    {
      name: 'back-up',
      phase: 'backing-up',
      run: (signal) => onDisk(world, 'backup_failed', signal, () => backUp(world, signal)),
    },
  ];
}

/**
 * The directory that is live is the backup: nothing is ever changed in one. Written down is where
 * it is, and what is in it. The same deployment resumed keeps what it wrote at first.
 */
async function backUp(world: World, signal: AbortSignal): Promise<void> {
  const { deployment, heal, sha, state } = world;
  const { attempt } = await state.read();
  if (attempt !== null && isOf(attempt, world) && !attempt.undone) return;

  const sides = await look(world, signal);
  const unchanged = (await planFiles(world, sides, signal)).changes.length === 0;
  await assertOwnStore(world);
  const before = await backupOf(world, sides, unchanged, signal);
  await state.change({
    attempt: { deployment, heal, sha, unchanged, before, switched: false, undone: false },
  });
  if (unchanged) {
    world.progress(`nothing to change: ${world.destination} is as ${sha.slice(0, 7)} has it`);
  } else {
    const count = `${sides.managed.size} files`;
    world.progress(before === null ? 'nothing was there before' : `${count} are the backup`);
  }
}

async function backupOf(
  world: World,
  { live, managed }: { readonly live: Live; readonly managed: Tree },
  unchanged: boolean,
  signal: AbortSignal,
): Promise<Backup | null> {
  if (live.kind === 'nothing') return null;
  const { commits } = await world.state.read();
  const adopted = live.kind === 'directory' && !unchanged;
  const digest = unchanged ? null : await takeManifest(world, live.directory, managed, signal);
  return {
    directory: adopted ? join(world.store, `adopted-${world.deployment}`) : live.directory,
    adopted,
    sha: commits[live.directory] ?? null,
    digest,
  };
}
