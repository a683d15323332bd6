import type { StateCommand } from '../../command/command.ts';
import { stands } from '../../policy/standing.ts';
import { begun } from '../begun.ts';
import { readPolicy } from '../configuration.ts';
import { requireMay, requireMayHere, type PersonRequest } from '../person.ts';
import { rulesOf } from '../refuse.ts';
import { isRepeated, refusal, sayState } from '../state-job.ts';
import { untilOf } from '../state-time.ts';
import type { AppWorld } from '../world.ts';

/** `/pause`, `/resume`: a job that touches no target and stands from then on. */
export async function changePause(
  request: PersonRequest<StateCommand>,
  world: AppWorld,
): Promise<void> {
  const { environment, params, name } = request.command;
  const begunPolicy = begun(readPolicy(world.github, world.repository.defaultBranch));
  const begunReading = begun(world.reader.refresh());
  await requireMay(request, world);
  const policy = await begunPolicy;
  rulesOf(environment, policy, name);
  await requireMayHere(request, environment, policy, world);
  const reading = await begunReading;
  const pause = reading.environments.get(environment)?.facts.pause ?? null;
  const isIdle = name === 'resume' && !stands(pause, reading.now);
  if (isIdle && !isRepeated(environment, reading, request, world)) {
    throw refusal('not_paused', `${environment} is not paused`, `/status ${environment}`);
  }
  const { reason, for: time } = params;
  const hint = `/lock ${environment}, which stands until somebody takes it back`;
  const said = { ...(reason === undefined ? {} : { reason }), ...untilOf(time, reading, hint) };
  await sayState({ environment, params: said, policy, reading }, request, world);
}
