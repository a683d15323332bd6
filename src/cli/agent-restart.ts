import { SallyportError, exitCodes, type ExitCode } from '../model/errors.ts';
import { systemctl } from '../upkeep/systemctl.ts';
import { agentUnitName } from '../upkeep/unit-names.ts';
import { printJson } from './output.ts';
import { untilAnswers } from './until-answers.ts';
import { requireInstallation } from './upkeep-place.ts';
import type { Args } from './verb.ts';
import type { World } from './world.ts';

/** It finishes the step in hand first. */
const patienceMs = 120_000;

/** Has systemd start the agent anew, and waits until it answers; services and the proxy are not touched. */
export async function run(args: Args, world: World): Promise<ExitCode> {
  const { machine, clock } = await world.parts.upkeep();
  const { place, config } = await requireInstallation(args, machine, world);
  const before = clock.now();
  const command = systemctl(place.scope, 'restart', agentUnitName);
  const { status, stderr } = await machine.run(command, patienceMs);
  const said = stderr.trim().split('\n').at(-1);
  if (status !== 0) throw notRestarted(said || `${command.join(' ')}: ${status}`);
  const agent = await untilAnswers(config.state, clock, { after: before - 1_000 });
  if (!agent) throw notRestarted('It was started, and does not answer yet.');
  if (args.json) printJson(world, { agent });
  else world.stdout.write(`The agent ${agent.version} of ${agent.host} runs.\n`);
  return exitCodes.done;
}

function notRestarted(message: string): SallyportError {
  return new SallyportError({
    code: 'restart_failed',
    message,
    hint: 'sallyport agent doctor; sallyport agent logs',
  });
}
