import type { Step } from '../target.ts';
import { failingAs } from '../failures.ts';
import { prunable } from '../prunable.ts';
import { listReleases, removeRelease } from '../release.ts';
import { isStaging } from './goal.ts';
import { slotNames } from './slots.ts';
import type { World } from './world.ts';

/** What can wait until the new release has the traffic and everyone knows. */
export function settleSteps(world: World): readonly Step[] {
  return [
    {
      name: 'drain',
      phase: 'settling',
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
  const old = prunable(await listReleases(world.releases), needed, world.config.keep);
  for (const sha of old) await removeRelease(world.releases, sha);
  if (old.length > 0) world.progress(`removed ${old.length} old releases from the disk`);
}
