import { issueJob, type JobDraft } from '../deploy/issue.ts';
import { jobIdOf } from '../deploy/job-codec.ts';
import type { DeploymentView } from '../deploy/fold-deployment.ts';
import type { Reading } from '../deploy/reader.ts';
import type { Operation, Sha } from '../model/job.ts';
import type { Request } from '../policy/facts.ts';
import type { GateDecision } from '../policy/gate.ts';
import { judgePermission } from '../policy/permission.ts';
import type {
  DeployCommand,
  PlanCommand,
  PromoteCommand,
  RollbackCommand,
  SwitchCommand,
} from '../command/command.ts';
import { repeatedComment, workingComment } from '../report/answer-markdown.ts';
import type { Answer } from './answer.ts';
import { begun } from './begun.ts';
import type { Place, Provenance } from './fix-commit.ts';
import { readDeclared, readPolicy, resolveFor, type Policy } from './configuration.ts';
import type { CommentEvent } from './events/comment.ts';
import { applyGithubRules } from './github-rules.ts';
import { judgeHeadAgain } from './head-again.ts';
import { judgeMayOf } from './judge-may.ts';
import { ageOf, judgePull } from './judge-pull.ts';
import type { Pull } from './ports.ts';
import { react } from './react.ts';
import { refuseWhereClosed, rulesOf } from './refuse.ts';
import { showDeployment } from './show-deployment.ts';
import { supersede } from './supersede.ts';
import { updateOutdated } from './update-outdated.ts';
import type { AppWorld } from './world.ts';

type JobCommand = DeployCommand | PlanCommand | PromoteCommand | RollbackCommand | SwitchCommand;

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
  /** What named the commit; it is read again before the job is written. */
  readonly place?: Place | null;
  /** The pull request that the command stands in, whose rules then hold. */
  readonly pull?: Pull | null;
  readonly provenance: Promise<Provenance>;
  /** What people gave to the job that is gone back to or promoted, by name. */
  readonly carried?: Readonly<Record<string, string>>;
  /** The targets that it is for; absent: those that the command names, else all. */
  readonly among?: readonly string[];
}

/** How an operation finds its commit: all of it may begin before the permission is known. */
export interface GoalFinder<Found extends Goal> {
  find(reading: Promise<Reading>): Promise<Found>;
  /** Gates that need the policy; run only when every gate before them is open. */
  judge(goal: Found, policy: Policy, reading: Reading): Promise<readonly GateDecision[]>;
  /** Throws where the targets, on the hosts that the policy gives them now, cannot be brought there. */
  suits?(goal: Found, place: Pick<JobDraft, 'targets'>, reading: Reading): void;
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
  const isLook = command.name === 'plan';
  const isForced = command.flags['force'] === true;
  const age = begun(goal.then(({ pull }) => (isLook || !pull ? null : ageOf(pull, github))));
  const asksGithub = bringsCommit.has(command.name);
  const found = begun(asksGithub ? github.environmentRules(environment) : Promise.resolve(null));

  const may = judgePermission(event.author.login, await permission);
  refuseWhereClosed([may]);
  answer.begin(workingComment(request.words));
  const earlier = jobOf(causeOf(request, world), environment, await reading);
  if (earlier) {
    // The same comment, delivered or tried again: its answer tells of that job already.
    const isAnswered = earlier.job.reply?.comment === (await answer.id());
    if (isAnswered) return finish(earlier.deployment, request, world);
    return answer.write(repeatedComment(request.words, earlier.deployment));
  }

  const rules = await policy;
  const here = rulesOf(environment, rules, command.name);
  refuseWhereClosed(await judgeMayOf(event.author, command.name, environment, here, github));
  const wanted = await goal;
  const { gates: passed, authors } = await wanted.provenance;
  refuseWhereClosed(passed);
  const { now } = await reading;
  const [pull, judged, byGithub] = await Promise.all([
    judgePull({ environment, isLook, isForced, at: event.at, age, commit: wanted }, here, world),
    finder.judge(wanted, rules, await reading),
    applyGithubRules({ environment, rules: here, now, found }, wanted, world),
  ]);
  const marks = begun(finder.marks?.(wanted, rules) ?? Promise.resolve({}));
  const gates = [may, ...passed, ...pull.gates, ...judged, ...byGithub.gates];
  await updateOutdated(gates, wanted.pull ?? null, github);
  refuseWhereClosed(gates);
  const { params, ...place } = resolveFor(rules, await declared, environment, {
    typed: command.inputs,
    carried: wanted.carried ?? {},
    only: wanted.among ?? namesOf(command.flags['only']),
    isToStage: command.flags['stage'] === true,
  });
  finder.suits?.(wanted, place, await reading);
  // A button under a deployment that nobody commented for has no place to answer in.
  const hasPlace = !request.cause && event.issue !== 0;
  const reply = hasPlace ? { issue: event.issue, comment: await answer.id() } : null;
  refuseWhereClosed(await judgeHeadAgain(environment, wanted, github));

  const draft: JobDraft = {
    operation: operationOf(command),
    cause: causeOf(request, world),
    repository: repository.id,
    environment,
    sha: wanted.sha,
    ref: wanted.ref,
    policy: rules.sha,
    ...place,
    flags: { ...flagsOf(command), ...byGithub.flags, ...(await marks) },
    params: { ...command.params, ...params },
    actor: event.author,
    authors: [...new Set([event.author.login, ...authors, ...pull.authors])].slice(0, 100),
    gates: gates.map(({ name, open, reason }) => ({ name, open, reason })),
    reply,
  };
  const { deployment } = await issueJob(draft, { ...world, reading: await reading });
  await finish(deployment, request, world);
}

/** Operations that bring a new commit to an environment, for which GitHub's own rules hold. */
const bringsCommit: ReadonlySet<string> = new Set(['deploy', 'promote']);

/** To promote is to deploy what ran elsewhere. */
function operationOf({ name }: JobCommand): Operation {
  return name === 'promote' ? 'deploy' : name;
}

function flagsOf(command: JobCommand): JobDraft['flags'] {
  return command.name === 'promote'
    ? { ...command.flags, promoted: command.from }
    : { ...command.flags };
}

function namesOf(flag: string | true | undefined): readonly string[] | undefined {
  return flag === true || flag === undefined ? undefined : [flag];
}

/** What asks to come through, as gates see it. */
export function requestOf({ command, event }: JobRequest, sha: Sha): Request {
  const { id: person, login } = event.author;
  return {
    operation: operationOf(command),
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
