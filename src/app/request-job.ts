import { issueJob, type JobDraft } from '../deploy/issue.ts';
import { jobIdOf } from '../deploy/job-codec.ts';
import type { DeploymentView } from '../deploy/fold-deployment.ts';
import type { Reading } from '../deploy/reader.ts';
import type { Sha } from '../model/job.ts';
import type { Request } from '../policy/facts.ts';
import type { GateDecision } from '../policy/gate.ts';
import { judgePermission } from '../policy/permission.ts';
import type { DeployCommand, PlanCommand, RollbackCommand } from '../command/command.ts';
import { repeatedComment, workingComment } from '../report/answer-markdown.ts';
import type { Answer } from './answer.ts';
import { begun } from './begun.ts';
import type { Provenance } from './fix-commit.ts';
import { readDeclared, readPolicy, resolveFor, type Policy } from './configuration.ts';
import type { CommentEvent } from './events/comment.ts';
import { react } from './react.ts';
import { refuseUnknownFlags, refuseWhereClosed, rulesOf } from './refuse.ts';
import { showDeployment } from './show-deployment.ts';
import { supersede } from './supersede.ts';
import type { AppWorld } from './world.ts';

type JobCommand = DeployCommand | PlanCommand | RollbackCommand;

/** A command that asks for a job, and where it stands. */
export interface JobRequest<Asked extends JobCommand = JobCommand> {
  readonly command: Asked;
  readonly event: CommentEvent;
  /** The command as it was typed. */
  readonly words: string;
  readonly answer: Answer;
  /** What made a job that nobody commented for: a step of a workflow, which reads the outcome itself. */
  readonly cause?: string;
  /** As `cause`, of a button that somebody pressed. It is answered where the command would be. */
  readonly button?: string;
}

/** The commit that the job is for. */
export interface Goal {
  readonly sha: Sha;
  /** For display. */
  readonly ref: string;
  readonly provenance: Promise<Provenance>;
}

/** How an operation finds its commit: all of it may begin before the permission is known. */
export interface GoalFinder<Found extends Goal> {
  /** The flags that this operation knows. */
  readonly flags: readonly string[];
  find(reading: Promise<Reading>): Promise<Found>;
  /** Gates that need the policy; run only when every gate before them is open. */
  judge(goal: Found, policy: Policy, reading: Reading): Promise<readonly GateDecision[]>;
  /** Flags of the job that nobody typed. */
  marks?(goal: Found, policy: Policy): Promise<Readonly<Record<string, string>>>;
}

/**
 * From a command to a bound job. Reads run side by side, for each call in sequence is time
 * that people wait; but nothing is said before it is known that the person may ask.
 */
export async function requestJob<Found extends Goal>(
  request: JobRequest,
  finder: GoalFinder<Found>,
  world: AppWorld,
): Promise<void> {
  const { command, event, answer } = request;
  const { environment } = command;
  const { github, repository } = world;
  const permission = begun(github.permissionOf(event.author));
  const reading = begun(world.reader.refresh());
  const policy = begun(readPolicy(github, repository.defaultBranch));
  const goal = begun(finder.find(reading));
  const declared = begun(goal.then(({ sha }) => readDeclared(github, sha)));

  const may = judgePermission(event.author.login, await permission);
  refuseWhereClosed([may]);
  refuseUnknownFlags(command.flags, finder.flags);
  answer.begin(workingComment(request.words));
  const earlier = jobOf(causeOf(request, world), environment, await reading);
  if (earlier) return answer.write(repeatedComment(request.words, earlier.deployment));

  const rules = await policy;
  const wanted = await goal;
  rulesOf(environment, rules, command.name);
  const { gates: passed, authors } = await wanted.provenance;
  refuseWhereClosed(passed);
  const marks = begun(finder.marks?.(wanted, rules) ?? Promise.resolve({}));
  const gates = [may, ...passed, ...(await finder.judge(wanted, rules, await reading))];
  refuseWhereClosed(gates);
  const place = resolveFor(rules, await declared, environment);

  const draft: JobDraft = {
    operation: command.name,
    cause: causeOf(request, world),
    repository: repository.id,
    environment,
    sha: wanted.sha,
    ref: wanted.ref,
    policy: rules.sha,
    ...place,
    flags: { ...command.flags, ...(await marks) },
    params: command.params,
    actor: event.author,
    authors: [...new Set([event.author.login, ...authors])].slice(0, 100),
    gates: gates.map(({ name, open, reason }) => ({ name, open, reason })),
    // A button under a deployment that nobody commented for has no place to answer in.
    reply:
      request.cause || event.issue === 0
        ? null
        : { issue: event.issue, comment: await answer.id() },
  };
  const { deployment } = await issueJob(draft, { ...world, reading: await reading });
  await finish(deployment, request, world);
}

/** What asks to come through, as gates see it. */
export function requestOf({ command, event }: JobRequest, sha: Sha): Request {
  const { id: person, login } = event.author;
  return {
    operation: command.name,
    sha,
    auto: false,
    isRollback: command.name === 'rollback',
    flags: command.flags,
    authors: [login],
    actor: login,
    person,
  };
}

async function finish(deployment: number, request: JobRequest, world: AppWorld): Promise<void> {
  await Promise.all([
    react('rocket', request.event, world),
    showDeployment(deployment, world),
    supersede(deployment, world),
  ]);
}

/** The same comment and line are the same job, however often they are delivered. */
function causeOf({ event, command, cause, button }: JobRequest, { repository }: AppWorld): string {
  return cause ?? button ?? `comment:${repository.id}:${event.comment}:${command.line}`;
}

function jobOf(cause: string, environment: string, reading: Reading): DeploymentView | undefined {
  const id = jobIdOf(cause);
  return reading.environments.get(environment)?.deployments.find(({ job }) => job.id === id);
}
