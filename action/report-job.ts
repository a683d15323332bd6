import { plansOf } from '../src/app/plans.ts';
import { exitCodes } from '../src/model/errors.ts';
import type { Asked } from './ask-for-job.ts';
import { environmentUrl } from './environment-url.ts';
import { follow } from './follow.ts';
import { booleanInput, durationInput } from './inputs.ts';
import { askWith } from './open.ts';
import { outcomeOf } from './outcome.ts';
import type { Outcome, Step } from './step.ts';

/** Follows a job, where that is wanted, and says how it stands. */
export async function reportJob({ deployment, world }: Asked, step: Step): Promise<Outcome> {
  const isWaiting = booleanInput(step.inputs, 'wait');
  const timeoutMs = isWaiting ? await durationInput(step.inputs, 'timeout') : 0;
  const { view, reading } = await follow(deployment, world.reader, step, timeoutMs);
  // Plans are asked for of what waits for people; here they belong on the page whatever came.
  const asked = { ...view, state: 'awaiting-approval' } as const;
  const [plans, url] = await Promise.all([
    plansOf(asked, world),
    environmentUrl(deployment, askWith(step)),
  ]);
  const outcome = outcomeOf({ view, reading, plans, url }, step);
  if (isWaiting || view.over) return outcome;
  return { ...outcome, exit: exitCodes.done, annotations: [] };
}
