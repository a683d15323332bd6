import { realpath } from 'node:fs/promises';
import type { Reason } from '../../model/reason.ts';
import type { Step } from '../target.ts';
import { attemptOf } from './attempt.ts';
import { carryFiles } from './carry.ts';
import { readDesired } from './desired.ts';
import { gatherKeptFolders } from './kept-folders.ts';
import { onDisk } from './on-disk.ts';
import { findLive } from './place.ts';
import { reload } from './reload.ts';
import type { Attempt } from './state-file.ts';
import { markOwn } from './store-owner.ts';
import { placeBefore, switchTo } from './switch-to.ts';
import { proveAnswering } from './verify.ts';
import type { World } from './world.ts';
import { writeTree } from './write-tree.ts';

/** From a commit to a directory that programs have read; all of it is passed over where nothing changes. */
export function applySteps(world: World): readonly Step[] {
  const step = (
    name: string,
    reason: Reason,
    act: (attempt: Attempt, signal: AbortSignal) => Promise<void>,
    phase: Step['phase'] = 'applying',
  ): Step => ({
    name,
    phase,
    run: (signal) =>
      onDisk(world, reason, signal, async () => {
        const attempt = await attemptOf(world);
        if (!attempt.unchanged) await act(attempt, signal);
      }),
  });
  return [
    step('lay-out', 'layout_failed', (attempt, signal) => layOut(world, attempt, signal)),
    {
      ...step('switch', 'switch_failed', (attempt, signal) => switchOver(world, attempt, signal)),
      noReturn: true,
    },
    {
      name: 'note',
      phase: 'applying',
      run: (signal) => onDisk(world, 'internal', signal, () => note(world)),
    },
    step('reload', 'reload_failed', (_attempt, signal) => reload(world, world.directory, signal)),
    step(
      'verify',
      'verify_failed',
      (_attempt, signal) => proveAnswering(world, signal),
      'verifying',
    ),
  ];
}

async function layOut(world: World, { before }: Attempt, signal: AbortSignal): Promise<void> {
  if ((await realpath(world.directory).catch(() => null)) !== null) return;
  const desired = await readDesired(world, signal);
  const live = await findLive(world);
  await markOwn(world);
  world.progress(`laying out ${desired.size} files of ${world.sha.slice(0, 7)}`);
  const like = live.kind === 'nothing' ? (before?.directory ?? null) : live.directory;
  await writeTree(world, desired, like, signal);
}

async function switchOver(world: World, attempt: Attempt, signal: AbortSignal): Promise<void> {
  const desired = await readDesired(world, signal);
  const { directory, destination, state } = world;
  const before = await placeBefore(world, attempt);
  await state.change({ attempt: { ...attempt, switched: true } });
  await gatherKeptFolders(world, before);
  if (before !== null) await carryFiles(world, desired, before, directory);
  await switchTo(world, directory, attempt.before);
  // What came into the old directory until then.
  if (attempt.before !== null) {
    await carryFiles(world, desired, attempt.before.directory, directory);
  }
  world.progress(`${destination} leads to ${world.sha.slice(0, 7)}`);
}

/** Which commit is there; an equal one, too, is there from now on. */
async function note({ state, destination, sha }: World): Promise<void> {
  const live = await realpath(destination).catch(() => null);
  if (live === null) return;
  const { commits } = await state.read();
  await state.change({ commits: { ...commits, [live]: sha } });
}
