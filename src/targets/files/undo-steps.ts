import { realpath, rm } from 'node:fs/promises';
import { syncFolder } from '../../disk/sync-folder.ts';
import { StepFailure, type Step } from '../target.ts';
import { attemptToUndo } from './attempt.ts';
import { carryFiles } from './carry.ts';
import { readDesired } from './desired.ts';
import { gatherKeptFolders } from './kept-folders.ts';
import { assertWhole } from './manifest.ts';
import { onDisk } from './on-disk.ts';
import { findLive } from './place.ts';
import { reload } from './reload.ts';
import type { Attempt, Backup } from './state-file.ts';
import { nextLinkOf, switchTo } from './switch-to.ts';
import { proveAnswering } from './verify.ts';
import type { World } from './world.ts';
import { partOf } from './write-tree.ts';

/** Back to what was there before the deployment, however far that came. */
export function undoSteps(world: World): readonly Step[] {
  const step = (
    name: string,
    act: (attempt: Attempt, signal: AbortSignal) => Promise<void>,
  ): Step => ({
    name,
    phase: 'rolling-back',
    run: (signal) =>
      onDisk(world, 'rollback_failed', signal, async () => {
        const attempt = await attemptToUndo(world);
        if (attempt !== null) await act(attempt, signal).catch(asRollbackFailure);
      }),
  });
  return [
    step('restore', (attempt, signal) => restore(world, attempt, signal)),
    step('reload-old', (attempt, signal) => reloadOld(world, attempt, signal)),
    step('prove-old', (attempt, signal) => proveOld(world, attempt, signal)),
    step('clear', (attempt) => clear(world, attempt)),
  ];
}

/** Why the old state did not come back matters less to the record than that it did not. */
function asRollbackFailure(thrown: unknown): never {
  if (!(thrown instanceof StepFailure) || thrown.reason === 'disk_full') throw thrown;
  const reason = thrown.reason === 'no_backup' ? 'no_backup' : 'rollback_failed';
  throw new StepFailure(reason, thrown.message, thrown.details, thrown);
}

async function restore(world: World, attempt: Attempt, signal: AbortSignal): Promise<void> {
  await noteCommitBefore(world, attempt);
  if (!attempt.switched) return;
  const { before } = attempt;
  if (before === null) return takeAway(world);
  if (await isAway(world, before)) return putBack(world, before, signal);
  // Killed before the switch, but maybe while what is kept was being moved.
  await gatherKeptFolders(world, await realpath(world.destination));
}

/** The first deployment leaves nothing, as there was nothing. */
async function takeAway(world: World): Promise<void> {
  const live = await findLive(world);
  if (live.kind !== 'link' || live.directory !== (await realPathOf(world.directory))) return;
  await rm(world.destination);
  await syncFolder(world.store);
  world.progress(`${world.destination} is taken away, as nothing was there before`);
}

/** Whether the destination does not lead to what was there before. */
async function isAway(world: World, before: Backup): Promise<boolean> {
  const live = await findLive(world);
  if (live.kind === 'directory') return !before.adopted;
  return live.kind === 'nothing' || live.directory !== (await realPathOf(before.directory));
}

async function putBack(world: World, before: Backup, signal: AbortSignal): Promise<void> {
  await assertWhole(world, before, before.directory, signal);
  const hasNew = (await realPathOf(world.directory)) !== null;
  const desired = hasNew ? await readDesired(world, signal) : new Map();
  await gatherKeptFolders(world, before.directory);
  if (hasNew) await carryFiles(world, desired, world.directory, before.directory);
  await switchTo(world, before.directory, null);
  if (hasNew) await carryFiles(world, desired, world.directory, before.directory);
  world.progress(`${world.destination} leads to what was there before`);
}

async function reloadOld(
  world: World,
  { switched, before }: Attempt,
  signal: AbortSignal,
): Promise<void> {
  if (switched && before !== null) await reload(world, await realpath(world.destination), signal);
}

async function proveOld(
  world: World,
  { switched, before }: Attempt,
  signal: AbortSignal,
): Promise<void> {
  if (switched && before !== null) await proveAnswering(world, signal);
}

async function clear(world: World, attempt: Attempt): Promise<void> {
  await rm(partOf(world), { recursive: true, force: true });
  await rm(nextLinkOf(world), { force: true });
  await rm(world.directory, { recursive: true, force: true });
  await world.state.change({ attempt: { ...attempt, undone: true } });
}

async function noteCommitBefore(world: World, { before }: Attempt): Promise<void> {
  const { commits } = await world.state.read();
  const made = (await realPathOf(world.directory)) ?? world.directory;
  const changed = new Set([made, before?.directory]);
  const entries = Object.entries(commits).filter(([directory]) => !changed.has(directory));
  if (before !== null && before.sha !== null) entries.push([before.directory, before.sha]);
  await world.state.change({ commits: Object.fromEntries(entries) });
}

async function realPathOf(path: string): Promise<string | null> {
  return realpath(path).catch(() => null);
}
