import { StepFailure } from '../target.ts';
import type { Attempt } from './state-file.ts';
import type { World } from './world.ts';

/** What this deployment set out to do. */
export async function attemptOf({ state, deployment }: World): Promise<Attempt> {
  const { attempt } = await state.read();
  if (attempt?.deployment === deployment && !attempt.undone) return attempt;
  throw new StepFailure('internal', `deployment ${deployment} did not take a backup`);
}

/** What this deployment began; `null` where it had not begun, or is undone already. */
export async function attemptToUndo({ state, deployment }: World): Promise<Attempt | null> {
  const { attempt } = await state.read();
  if (attempt === null || attempt.deployment < deployment) return null;
  if (attempt.deployment === deployment) return attempt.undone ? null : attempt;
  throw new StepFailure(
    'no_backup',
    `deployment ${attempt.deployment} has changed the destination since, so ${deployment} cannot be undone`,
  );
}
