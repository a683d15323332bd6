import { SallyportError } from '../../../model/errors.ts';
import { systemctl } from '../../systemctl.ts';
import { agentUnitName } from '../../unit-names.ts';
import { fail, ok, warn, type Finding } from '../finding.ts';
import type { AgentAnswer, DoctorWorld } from '../world.ts';

/** Whether the agent answers over its socket, and is of this program's version. */
export async function checkAgent(world: DoctorWorld): Promise<readonly Finding[]> {
  const { ask, version, place } = world;
  let answer: AgentAnswer;
  try {
    answer = await ask();
  } catch (error) {
    const message = error instanceof SallyportError ? error.message : 'No agent answers.';
    return [fail(message, systemctl(place.scope, 'start', agentUnitName).join(' '))];
  }
  if (answer.version !== version) {
    const words = `The agent that runs is ${answer.version}; this program is ${version}.`;
    return [warn(words, 'sallyport agent restart')];
  }
  if (answer.connected) return [ok(`the agent ${version} runs and is connected`)];
  return [
    warn(
      `The agent runs; its source does not answer: ${answer.problem ?? 'not asked yet'}.`,
      'sallyport status',
    ),
  ];
}
