import { StepFailure } from '../target.ts';
import type { Attempt } from './state-file.ts';
import type { World } from './world.ts';

/** What this deployment set out to do; the step that writes it down comes before all that ask. */
export async function attemptOf(world: World): Promise<Attempt> {
  const { attempt } = await world.state.read();
  if (attempt?.deployment === world.deployment) return attempt;
  throw new StepFailure(
    'internal',
    `deployment ${world.deployment} has not written down what was there before`,
  );
}
