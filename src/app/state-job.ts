import { stateDraft } from '../deploy/act.ts';
import { issueJob } from '../deploy/issue.ts';
import { jobIdOf } from '../deploy/job-codec.ts';
import type { Reading } from '../deploy/reader.ts';
import type { StateCommand } from '../command/command.ts';
import { SallyportError, exitCodes, type ExitCode } from '../model/errors.ts';
import type { Policy } from './configuration.ts';
import type { PersonRequest } from './person.ts';
import { react } from './react.ts';
import { showDeployment } from './show-deployment.ts';
import type { AppWorld } from './world.ts';

type Request = PersonRequest<StateCommand>;

/** What a person says of an environment as a whole. */
export interface StateWord {
  readonly environment: string;
  readonly params: Readonly<Record<string, string>>;
  readonly policy: Policy;
  readonly reading: Reading;
}

/** Writes the word as a job, and answers with it. Rejects as `issueJob` does. */
export async function sayState(word: StateWord, request: Request, world: AppWorld): Promise<void> {
  const { event, answer } = request;
  const reply = { issue: event.issue, comment: await answer.id() };
  const deployment = await issueState(word, causeOf(request, world), reply, request, world);
  await Promise.all([react('rocket', event, world), showDeployment(deployment, world)]);
}

/** The word for one environment of several, which are answered together. */
export async function sayStateAmong(
  word: StateWord,
  request: Request,
  world: AppWorld,
): Promise<void> {
  const cause = `${causeOf(request, world)}:${word.environment}`;
  await issueState(word, cause, null, request, world);
}

/** Whether the very comment was taken before, for this environment or for several. */
export function isRepeated(
  environment: string,
  { environments }: Reading,
  request: Request,
  world: AppWorld,
): boolean {
  const cause = causeOf(request, world);
  const ids = [jobIdOf(cause), jobIdOf(`${cause}:${environment}`)];
  return (
    environments.get(environment)?.deployments.some(({ job }) => ids.includes(job.id)) ?? false
  );
}

/** A refusal of what would change nothing, or of words that do not go together. */
export function refusal(
  code: string,
  message: string,
  hint: string,
  exit: ExitCode = exitCodes.refused,
): SallyportError {
  return new SallyportError({ code, message, hint, exit });
}

async function issueState(
  { environment, params, policy, reading }: StateWord,
  cause: string,
  reply: { readonly issue: number; readonly comment: number } | null,
  { command, event }: Request,
  world: AppWorld,
): Promise<number> {
  const draft = stateDraft({
    operation: command.name,
    environment,
    sha: policy.sha,
    policy: policy.sha,
    actor: event.author,
    params,
    cause,
    repository: world.repository.id,
    reply,
  });
  return (await issueJob(draft, { ...world, reading })).deployment;
}

function causeOf({ event, command }: Request, { repository }: AppWorld): string {
  return `comment:${repository.id}:${event.comment}:${command.line}`;
}
