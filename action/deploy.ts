import { deploy } from '../src/app/commands/deploy.ts';
import type { DeployCommand } from '../src/command/command.ts';
import { askForJob, commandParts } from './ask-for-job.ts';
import { namedCommit } from './named-commit.ts';
import { required } from './inputs.ts';
import { reportJob } from './report-job.ts';
import type { Outcome, Step } from './step.ts';

/** Issues a deployment; with `wait` follows it to its end. */
export async function run(step: Step): Promise<Outcome> {
  const command: DeployCommand = {
    name: 'deploy',
    environment: required(step.inputs, 'environment'),
    ...(await namedCommit(step)),
    ...commandParts(step),
  };
  return reportJob(await askForJob(command, deploy, step), step);
}
