import { join } from 'node:path';
import { asSallyportError } from '../../model/errors.ts';
import { isSameUpstream } from '../../model/upstream.ts';
import { StepFailure } from '../target.ts';
import { isSameRelease, type Release } from './changes.ts';
import { chooseVersion } from './choose-version.ts';
import { isHealthyNow } from './check-health.ts';
import { isSlotName, slotNames, type SlotName } from './slots.ts';
import { upstreamOf, type Attempt, type Slot, type State } from './state-file.ts';
import type { World } from './world.ts';

const maxVersionFileBytes = 1024;

/** What the commit declares, as far as it can be known without running anything of it. */
export async function findWanted(world: World, signal: AbortSignal): Promise<Release> {
  const { sha, operation, config, params } = world;
  const state = await world.state.read();
  const known = {
    sha,
    operation,
    tag: world.version,
    slots: slotNames.map((name) => state.slots[name]),
  };
  const isKnown = known.tag !== null || known.slots.some((slot) => slot?.sha === sha);
  const file = isKnown ? null : await readVersionFile(world, signal);
  return { sha, version: chooseVersion({ ...known, file }), config, params };
}

/** What the slot with the traffic holds; `null` where nobody has it, or nobody knows what it is. */
export async function findLive(
  world: World,
): Promise<{ readonly name: SlotName; readonly slot: Slot; readonly port: number } | null> {
  const status = await world.ports.proxy.current(world.route);
  if (status === null || !isSlotName(status.slot)) return null;
  const slot = (await world.state.read()).slots[status.slot];
  if (slot === null || status.upstream === null) return null;
  if (!isSameUpstream(status.upstream, upstreamOf(slot))) return null;
  return { name: status.slot, slot, port: status.port };
}

/** What this deployment set out to do; the step that writes it down comes before all that ask. */
export function attemptOf(world: World, state: State): Attempt {
  const { attempt } = state;
  if (attempt?.deployment === world.deployment && attempt.heal === world.heal) return attempt;
  throw new StepFailure(
    'internal',
    `deployment ${world.deployment} has not written down what was there before`,
  );
}

/** The slot that this deployment goes to, and what was put there. */
export async function slotOfAttempt(world: World) {
  const state = await world.state.read();
  const attempt = attemptOf(world, state);
  const slot = state.slots[attempt.slot];
  if (slot?.sha === attempt.sha) return { name: attempt.slot, slot, unchanged: attempt.unchanged };
  throw new StepFailure('internal', `slot ${attempt.slot} does not hold ${attempt.sha}`);
}

/** Whether the release is in its slot already and healthy, so that it need not be made nor started. */
export async function isWarm(world: World, signal: AbortSignal): Promise<boolean> {
  const state = await world.state.read();
  const { slot: name, sha, version, unchanged } = attemptOf(world, state);
  const { config, params, isForced } = world;
  const slot = state.slots[name];
  if (unchanged) return true;
  if (isForced || slot === null) return false;
  if (!isSameRelease(slot, { sha, version, config, params })) return false;
  return isHealthyNow(world, { name, slot }, signal);
}

async function readVersionFile(world: World, signal: AbortSignal): Promise<string | null> {
  const { git } = world.ports;
  if (!(await git.has(world.sha))) await git.fetch(signal);
  if (!(await git.has(world.sha))) return null;
  try {
    return await git.readFile(world.sha, join(world.config.path, 'VERSION'), maxVersionFileBytes);
  } catch (error) {
    // Whatever a file of that size says, it is no version.
    if (asSallyportError(error).code === 'file_too_large') return null;
    throw error;
  }
}
