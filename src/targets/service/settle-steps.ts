import { join } from 'node:path';
import { folderBytes } from '../../disk/folder-bytes.ts';
import type { Step } from '../target.ts';
import { failingAs } from '../failures.ts';
import { inOrder, prunable, type KeptRelease, type Room } from '../prunable.ts';
import { listReleases, removeOldTrees, removeRelease } from '../release.ts';
import { isStaging } from './goal.ts';
import { slotNames } from './slots.ts';
import { treesInUse } from './state-file.ts';
import type { World } from './world.ts';

/** What can wait until the new release has the traffic and everyone knows. */
export function settleSteps(world: World): readonly Step[] {
  return [
    {
      name: 'drain',
      phase: 'settling',
      aside: true,
      run: (signal) => failingAs('internal', signal, () => drain(world, signal)),
    },
    {
      name: 'prune',
      phase: 'settling',
      run: (signal) => failingAs('internal', signal, () => prune(world)),
    },
  ];
}

/** The old slot finishes its requests. Its program runs on, so that going back to it is quick. */
async function drain(world: World, signal: AbortSignal): Promise<void> {
  if (isStaging(world)) return;
  const { attempt } = await world.state.read();
  const old = attempt?.before?.slot;
  if (attempt?.deployment !== world.deployment || old === undefined || old === attempt.slot) return;
  const closed = await world.ports.proxy.drain(world.route, old, world.config.drain, signal);
  const cut = closed === 0 ? '' : `, ${closed} requests were closed after ${world.config.drain} ms`;
  world.progress(`slot ${old} is drained and stays warm${cut}`);
}

async function prune(world: World): Promise<void> {
  const { slots, attempt } = await world.state.read();
  const inSlots = slotNames.map((name) => slots[name]?.sha);
  const needed = new Set([...inSlots, attempt?.sha].filter((sha) => sha !== undefined));
  const releases = inOrder(await listReleases(world.releases), needed);
  for (const { sha } of releases) await removeOldTrees(world.releases, sha, treesInUse(slots));
  const old = prunable(releases, needed, await roomFor(releases, world));
  for (const sha of old) await removeRelease(world.releases, sha);
  if (old.length > 0) world.progress(`removed ${old.length} old releases from the disk`);
}

/** Sizes are measured only where they matter: that is a look at every file. */
async function roomFor(
  releases: readonly KeptRelease[],
  { config, releases: folder }: World,
): Promise<number | Room> {
  const { keep, keep_size: maxBytes } = config;
  if (maxBytes === undefined) return keep;
  const counted = new Set<string>();
  const bytesOf = new Map<string, number>();
  for (const { sha } of releases) bytesOf.set(sha, await folderBytes(join(folder, sha), counted));
  return { keep, maxBytes, bytesOf };
}
