import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Answer } from '../src/app/answer.ts';
import type { CommentEvent } from '../src/app/events/comment.ts';
import type { Person } from '../src/app/ports.ts';
import type { JobRequest } from '../src/app/request-job.ts';
import type { AppWorld } from '../src/app/world.ts';
import type {
  DeployCommand,
  PlanCommand,
  RollbackCommand,
  SwitchCommand,
} from '../src/command/command.ts';
import { jobIdOf } from '../src/deploy/job-codec.ts';
import { exitCodes, SallyportError } from '../src/model/errors.ts';
import { askWith, openWorld } from './open.ts';
import { readParams } from './params.ts';
import { readEvent } from './run.ts';
import type { Step } from './step.ts';

type JobCommand = DeployCommand | PlanCommand | RollbackCommand | SwitchCommand;

/** A job that stands, and the world it was issued in. */
export interface Asked {
  readonly deployment: number;
  readonly world: AppWorld;
}

/**
 * Asks for a job as a comment does, through the same gates, in the name of whoever started this
 * attempt. Rejects where a gate says no.
 */
export async function askForJob<Command extends JobCommand>(
  command: Command,
  handle: (request: JobRequest<Command>, world: AppWorld) => Promise<void>,
  step: Step,
): Promise<Asked> {
  const event = await readEvent(step.run);
  const [world, author] = await Promise.all([openWorld(step, event), whoStarted(step)]);
  const pull = pullOf(event);
  const words = `/${command.name} ${command.environment}`;
  const comment: CommentEvent = {
    issue: pull?.number ?? 0,
    isPull: pull !== null,
    comment: 0,
    body: words,
    at: await askedAt(pull !== null || command.ref !== null, world),
    author,
    isByPerson: true,
  };
  const quiet = withoutComments(world);
  const cause = causeOf(command, step);
  const answer = new Answer(quiet.github, comment.issue);
  await handle({ command, event: comment, words, answer, cause }, quiet);
  return { deployment: await deploymentOf(cause, command.environment, world), world: quiet };
}

const PullEvent = z.object({
  pull_request: z.object({ number: z.int(), head: z.object({ sha: z.string() }) }),
});

function pullOf(event: unknown): { readonly number: number; readonly sha: string } | null {
  const { data } = PullEvent.safeParse(event);
  return data ? { number: data.pull_request.number, sha: data.pull_request.head.sha } : null;
}

/** The commit of the run; in a pull request its head, since what GitHub merges for a try is on no branch. */
export async function commitOfRun({ run }: Step): Promise<string> {
  return pullOf(await readEvent(run))?.sha ?? run.sha;
}

/** What every job's command has, from the inputs. */
export function commandParts({
  inputs,
}: Step): Pick<JobCommand, 'line' | 'flags' | 'params' | 'inputs'> {
  const { only, reason } = inputs;
  return {
    line: 1,
    flags: only === '' ? {} : { only },
    params: reason === '' ? {} : { reason },
    inputs: readParams(inputs),
  };
}

/** A workflow has its own page, and a job that nobody commented for has no comment to edit. */
function withoutComments(world: AppWorld): AppWorld {
  const quiet = {
    say: () => Promise.resolve(0),
    edit: () => Promise.resolve(),
    react: () => Promise.resolve(),
  };
  return { ...world, github: { ...world.github, ...quiet } };
}

/** GitHub's clock, which what may move is held against: it stands for what it is at this moment. */
async function askedAt(mayMove: boolean, { reader, clock }: AppWorld): Promise<number> {
  return mayMove ? (await reader.refresh()).now : clock.now();
}

/** Running a step again is another job; the same attempt is always the same one. */
function causeOf(command: JobCommand, { run }: Step): string {
  const asked = createHash('sha256').update(JSON.stringify(command)).digest('hex').slice(0, 16);
  return `run:${run.repositoryId}:${run.place}:${asked}`;
}

async function whoStarted(step: Step): Promise<Person> {
  const { actor, startedBy } = step.run;
  if (startedBy === actor.login) return actor;
  const answer = await askWith(step)('GET /users/{username}', { username: startedBy });
  const { id, login } = z.object({ id: z.int(), login: z.string() }).parse(answer);
  return { id, login };
}

async function deploymentOf(
  cause: string,
  environment: string,
  { reader }: AppWorld,
): Promise<number> {
  const id = jobIdOf(cause);
  const { environments } = await reader.refresh();
  const found = environments.get(environment)?.deployments.find(({ job }) => job.id === id);
  if (found) return found.deployment;
  throw new SallyportError({
    code: 'job_lost',
    message: `The job for ${environment} was issued and is not in the ledger.`,
    hint: 'Look at the deployments of the repository, and run the step again.',
    next: 'retry',
    exit: exitCodes.unreachable,
  });
}
