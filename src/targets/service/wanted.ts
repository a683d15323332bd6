import { join } from 'node:path';
import { asSallyportError } from '../../model/errors.ts';
import { StepFailure } from '../target.ts';
import type { Release } from './changes.ts';
import { chooseVersion } from './choose-version.ts';
import { slotNames } from './slots.ts';
import type { Attempt, State } from './state-file.ts';
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
  if (slot?.sha === attempt.sha) return { name: attempt.slot, slot, attempt };
  throw new StepFailure('internal', `slot ${attempt.slot} does not hold ${attempt.sha}`);
}

/** Text of the commit's VERSION file, where it has one that may be one. */
export async function readVersionFile(world: World, signal: AbortSignal): Promise<string | null> {
  const { git } = world.ports;
  // To what is here already one must be able to switch without a network.
  if (world.operation !== 'switch' && !(await git.has(world.sha))) await git.fetch(signal);
  if (!(await git.has(world.sha))) return null;
  try {
    return await git.readFile(world.sha, join(world.config.path, 'VERSION'), maxVersionFileBytes);
  } catch (error) {
    // Whatever a file of that size says, it is no version.
    if (asSallyportError(error).code === 'file_too_large') return null;
    throw error;
  }
}
