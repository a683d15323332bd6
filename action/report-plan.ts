import { plansOf } from '../src/app/plans.ts';
import type { Asked } from './ask-for-job.ts';
import { follow } from './follow.ts';
import { durationInput } from './inputs.ts';
import { outcomeOf } from './outcome.ts';
import type { Outcome, Step } from './step.ts';

/** A check run may be listed some seconds after the status that speaks of it. */
const [pauseMs, looks] = [1_000, 6];

/** Waits for the plans of all hosts. */
export async function reportPlan({ deployment, world }: Asked, step: Step): Promise<Outcome> {
  const timeoutMs = await durationInput(step.inputs, 'timeout');
  const { view, reading } = await follow(deployment, world.reader, step, timeoutMs);
  let plans = await plansOf(view, world);
  for (let look = 1; plans.unread.length > 0 && look < looks; look += 1) {
    await step.clock.sleep(pauseMs);
    plans = await plansOf(view, world);
  }
  return outcomeOf({ view, reading, plans, url: null }, step);
}
