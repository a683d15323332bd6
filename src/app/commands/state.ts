import type { StateCommand } from '../../command/command.ts';
import { stateDraft } from '../../deploy/act.ts';
import { issueJob } from '../../deploy/issue.ts';
import type { Reading } from '../../deploy/reader.ts';
import { SallyportError, exitCodes } from '../../model/errors.ts';
import { standingInWords, stands } from '../../policy/standing.ts';
import { begun } from '../begun.ts';
import { readPolicy } from '../configuration.ts';
import { requireMay, requireMayHere, type PersonRequest } from '../person.ts';
import { react } from '../react.ts';
import { rulesOf } from '../refuse.ts';
import { showDeployment } from '../show-deployment.ts';
import type { AppWorld } from '../world.ts';
import { jobIdOf } from '../../deploy/job-codec.ts';

/** `/lock`, `/unlock`, `/pause`, `/resume`: a job that touches no target and stands from then on. */
export async function changeState(
  request: PersonRequest<StateCommand>,
  world: AppWorld,
): Promise<void> {
  const { command, event, answer } = request;
  const { github, repository } = world;
  const policy = begun(readPolicy(github, repository.defaultBranch));
  const begunReading = begun(world.reader.refresh());
  await requireMay(request, world);
  const { name: operation, environment } = command;
  const rules = await policy;
  rulesOf(environment, rules, operation);
  await requireMayHere(request, environment, rules, world);
  const reading = await begunReading;
  const cause = `comment:${repository.id}:${event.comment}:${command.line}`;
  if (!isRepeated(cause, environment, reading)) refuseWhereIdle(command, reading);
  const draft = stateDraft({
    operation,
    environment,
    sha: rules.sha,
    policy: rules.sha,
    actor: event.author,
    params: paramsOf(command, reading.now),
    cause,
    repository: repository.id,
    reply: { issue: event.issue, comment: await answer.id() },
  });
  const { deployment } = await issueJob(draft, { ...world, reading });
  await Promise.all([react('rocket', event, world), showDeployment(deployment, world)]);
}

/** Rejects where it would change nothing: whoever locks what is locked should know of the other lock. */
function refuseWhereIdle(
  { name, environment }: StateCommand,
  { environments, now }: Reading,
): void {
  const facts = environments.get(environment)?.facts;
  const [lock, pause] = [facts?.lock ?? null, facts?.pause ?? null];
  if (name === 'lock' && stands(lock, now)) {
    const message = `${environment} is locked already, ${standingInWords(lock)}`;
    throw idle('locked', message, `/unlock ${environment}`);
  }
  if (name === 'unlock' && !stands(lock, now)) {
    throw idle('not_locked', `${environment} is not locked`, `/status ${environment}`);
  }
  if (name === 'resume' && !stands(pause, now)) {
    throw idle('not_paused', `${environment} is not paused`, `/status ${environment}`);
  }
}

function idle(code: string, message: string, hint: string): SallyportError {
  return new SallyportError({ code, message, hint, exit: exitCodes.refused });
}

function isRepeated(cause: string, environment: string, { environments }: Reading): boolean {
  const id = jobIdOf(cause);
  return environments.get(environment)?.deployments.some(({ job }) => job.id === id) ?? false;
}

const unitsMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
/** A pause that is longer is forgotten by whoever made it, in ms. */
const longestMs = 30 * unitsMs.d;

function paramsOf({ params, environment }: StateCommand, now: number): Record<string, string> {
  const { reason, for: time } = params;
  const said = reason === undefined ? {} : { reason };
  if (time === undefined) return said;
  const ms = Number.parseInt(time, 10) * unitsMs[time.slice(-1) as keyof typeof unitsMs];
  if (ms <= longestMs) return { ...said, until: new Date(now + ms).toISOString() };
  throw new SallyportError({
    code: 'pause_too_long',
    message: `${time} is longer than 30 days`,
    hint: `/lock ${environment}, which stands until somebody takes it back`,
    exit: exitCodes.usage,
  });
}
