import { environmentUrl } from './environment-url.ts';
import { follow } from './follow.ts';
import { durationInput, required, wrongInput } from './inputs.ts';
import { openLooker } from './open.ts';
import { outcomeOf } from './outcome.ts';
import type { Outcome, Step } from './step.ts';

/** Follows a deployment to its end. */
export async function run(step: Step): Promise<Outcome> {
  const named = required(step.inputs, 'deployment');
  if (!/^\d{1,15}$/u.test(named)) throw wrongInput('deployment', 'the id of a deployment');
  const { reader, ask } = openLooker(step);
  const timeoutMs = await durationInput(step.inputs, 'timeout');
  const { view, reading } = await follow(Number(named), reader, step, timeoutMs);
  const url = await environmentUrl(view.deployment, ask);
  return outcomeOf({ view, reading, plans: { plan: null, unread: [] }, url }, step);
}
