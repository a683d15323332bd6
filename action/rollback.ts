import { rollback } from '../src/app/commands/rollback.ts';
import type { RollbackCommand } from '../src/command/command.ts';
import { askForJob, commandParts } from './ask-for-job.ts';
import { required } from './inputs.ts';
import { reportJob } from './report-job.ts';
import type { Outcome, Step } from './step.ts';

/** Goes back to a commit that completed there; with `wait` follows it to its end. */
export async function run(step: Step): Promise<Outcome> {
  const { to } = step.inputs;
  const command: RollbackCommand = {
    name: 'rollback',
    environment: required(step.inputs, 'environment'),
    ref: to === '' ? null : to,
    sha: null,
    ...commandParts(step),
  };
  return reportJob(await askForJob(command, rollback, step), step);
}
