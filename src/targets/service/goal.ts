import { StepFailure } from '../target.ts';
import { isSameRelease, type Release } from './changes.ts';
import { chooseVersion } from './choose-version.ts';
import { isHealthyNow } from './check-health.ts';
import { releaseOf } from './release-of.ts';
import { idleSlot, slotNames, type SlotName } from './slots.ts';
import { findLive, trafficOf, type Live } from './traffic.ts';
import { findWanted, readVersionFile } from './wanted.ts';
import type { World } from './world.ts';

/** Where a deployment goes, and how much of the way is behind it already. */
export interface Goal {
  readonly slot: SlotName;
  readonly version: string;
  /** It is live and healthy: there is nothing to make, only to keep. */
  readonly unchanged: boolean;
  /** It waits in the idle slot, healthy. */
  readonly warm: boolean;
}

/** Whether this deployment ends with a healthy idle slot: a person moves the traffic. */
export function isStaging({ operation, stage, config }: World): boolean {
  return operation === 'deploy' && (stage || config.promotion === 'manual');
}

/** Whether traffic is to move at once: to what has run here before, when people are in a hurry. */
export function isQuick({ operation }: World): boolean {
  return operation !== 'deploy';
}

export async function findGoal(world: World, signal: AbortSignal): Promise<Goal> {
  return world.operation === 'switch'
    ? await goalOfSwitch(world, signal)
    : await goalOfRelease(world, await findWanted(world, signal), signal);
}

async function goalOfRelease(world: World, wanted: Release, signal: AbortSignal): Promise<Goal> {
  const { version } = wanted;
  const isReady = async (name: SlotName): Promise<boolean> => {
    const slot = (await world.state.read()).slots[name];
    if (world.isForced || slot === null || !isSameRelease(slot, wanted)) return false;
    return await isHealthyNow(world, { name, slot }, signal);
  };
  const live = await findLive(world);
  if (live !== null && (await isReady(live.name))) {
    return { slot: live.name, version, unchanged: true, warm: false };
  }
  const slot = await idleSlotOf(world);
  return { slot, version, unchanged: false, warm: await isReady(slot) };
}

/** Refuses what this host does not hold any more: a switch makes nothing. */
async function goalOfSwitch(world: World, signal: AbortSignal): Promise<Goal> {
  const found = await findHeld(world, await findLive(world));
  if (found !== null) {
    const { name, isLive } = found;
    const slot = (await world.state.read()).slots[name]!;
    const warm = !isLive && (await isHealthyNow(world, { name, slot }, signal));
    return { slot: name, version: slot.version, unchanged: isLive, warm };
  }
  const version = await findKept(world, signal);
  return { slot: await idleSlotOf(world), version, unchanged: false, warm: false };
}

/** The slot that holds the commit of a switch: what is staged, before what is live. */
async function findHeld(
  { state, sha }: World,
  live: Live | null,
): Promise<{ readonly name: SlotName; readonly isLive: boolean } | null> {
  const { slots, staged } = await state.read();
  const name = [staged, live?.name ?? null, ...slotNames].find(
    (each) => each !== null && slots[each]?.sha === sha,
  );
  return name ? { name, isLive: name === live?.name } : null;
}

/** The version under which a release is kept on the disk, wholly made. */
async function findKept(world: World, signal: AbortSignal): Promise<string> {
  const { sha, operation, config } = world;
  const file = await readVersionFile(world, signal);
  // Whether it was tagged after it was built is not known here.
  for (const [tag, text] of [
    [world.version, file],
    [null, file],
    [null, null],
  ] as const) {
    const version = chooseVersion({ sha, operation, tag, slots: [], file: text });
    const making = await releaseOf(world, version).making();
    const isBuilt = config.build === undefined || making?.['build']?.status === 0;
    if (making !== null && isBuilt) return version;
  }
  throw new StepFailure(
    'no_backup',
    `release ${sha.slice(0, 7)} is not kept on this host, and a switch builds nothing`,
    [`deploy it: /deploy ${world.environment} @${sha.slice(0, 7)}`],
  );
}

async function idleSlotOf(world: World): Promise<SlotName> {
  const status = await world.ports.proxy.current(world.route);
  return idleSlot(trafficOf(status, await world.state.read())?.slot ?? null);
}
