import { StepFailure } from '../target.ts';
import type { Attempt } from './state-file.ts';
import type { World } from './world.ts';

/** Whether it is the attempt of this deployment, or of this mending of it. */
export function isOf(
  attempt: Attempt,
  { deployment, heal }: Pick<World, 'deployment' | 'heal'>,
): boolean {
  return attempt.deployment === deployment && attempt.heal === heal;
}

/** What this deployment set out to do. */
export async function attemptOf(world: World): Promise<Attempt> {
  const { attempt } = await world.state.read();
  if (attempt !== null && isOf(attempt, world) && !attempt.undone) return attempt;
  throw new StepFailure('internal', `deployment ${world.deployment} did not take a backup`);
}

/** What this deployment began; `null` where it had not begun, or is undone already. */
export async function attemptToUndo(world: World): Promise<Attempt | null> {
  const { deployment } = world;
  const { attempt } = await world.state.read();
  if (attempt === null || attempt.deployment < deployment) return null;
  if (isOf(attempt, world)) return attempt.undone ? null : attempt;
  throw new StepFailure(
    'no_backup',
    `deployment ${attempt.deployment} has changed the destination since, so ${deployment} cannot be undone`,
  );
}
