import { switchTraffic } from '../src/app/commands/switch.ts';
import type { SwitchCommand } from '../src/command/command.ts';
import { askForJob, commandParts } from './ask-for-job.ts';
import { required } from './inputs.ts';
import { reportJob } from './report-job.ts';
import type { Outcome, Step } from './step.ts';

/** Moves the traffic to what is staged, or back to what had it before; with `wait` follows it to its end. */
export async function run(step: Step): Promise<Outcome> {
  const { to, only } = step.inputs;
  const { line, params } = commandParts(step);
  const command: SwitchCommand = {
    name: 'switch',
    environment: required(step.inputs, 'environment'),
    target: only === '' ? null : only,
    ref: to === '' ? null : to,
    sha: null,
    line,
    flags: {},
    params,
    inputs: {},
  };
  return reportJob(await askForJob(command, switchTraffic, step), step);
}
