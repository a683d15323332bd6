import { plan } from '../src/app/commands/plan.ts';
import type { PlanCommand } from '../src/command/command.ts';
import { askForJob, commandParts } from './ask-for-job.ts';
import { required } from './inputs.ts';
import { namedCommit } from './named-commit.ts';
import { reportPlan } from './report-plan.ts';
import type { Outcome, Step } from './step.ts';

/** Has the hosts compare themselves with a commit, and shows what a deployment would change. */
export async function run(step: Step): Promise<Outcome> {
  const command: PlanCommand = {
    name: 'plan',
    environment: required(step.inputs, 'environment'),
    ...(await namedCommit(step)),
    ...commandParts(step),
  };
  return reportPlan(await askForJob(command, plan, step), step);
}
