import { findCompleted } from '../../deploy/find-completed.ts';
import { findSwitch, type SwitchGoal } from '../../deploy/find-switch.ts';
import type { Issued } from '../../deploy/issue.ts';
import { jobIdOf } from '../../deploy/job-codec.ts';
import { flagsOfSwitch, gateOfSwitch } from '../../deploy/switch-job.ts';
import { SallyportError, asSallyportError, exitCodes } from '../../model/errors.ts';
import { givenOf } from '../../policy/resolve-params.ts';
import { withoutGithub } from '../outage/had-no-github.ts';
import { isLocal } from '../outage/local-number.ts';
import type { ActAnswer, ActRequest } from './act-request.ts';
import type { ActsWorld } from './acts-world.ts';
import { answerOf } from './answer-of.ts';
import { actorOf, causeOf } from './asker.ts';
import { atTerminal } from './at-terminal.ts';
import { findCommit, type FoundCommit } from './find-commit.ts';
import type { IssueAsk } from './issue-here.ts';
import { refuseEarly } from './refuse-early.ts';
import { viewOf } from './view-of.ts';

type Asked<Verb extends ActRequest['verb']> = Extract<ActRequest, { verb: Verb }>;

/** Makes the environment match the head of the branch. */
export async function sync(
  request: Asked<'sync'>,
  world: ActsWorld,
  signal: AbortSignal,
): Promise<ActAnswer> {
  const { environment } = request;
  const commit = await commitFor(environment, null, world, signal);
  const ask = { operation: 'deploy', environment, ...commit } as const;
  const issued = await issue(request, ask, world, signal);
  world.deployed(environment, issued.job.sha);
  return told(request, issued);
}

/** Makes the environment match a commit. */
export async function deploy(
  request: Asked<'deploy'>,
  world: ActsWorld,
  signal: AbortSignal,
): Promise<ActAnswer> {
  const { environment, reason } = request;
  const commit = await commitFor(environment, request.ref, world, signal);
  const flags = { ...forced(request), ...(request.stage ? { stage: true } : {}) };
  const given = { params: { reason }, typed: request.params };
  const ask = { operation: 'deploy', environment, ...commit, flags, ...given } as const;
  const issued = await issue(request, ask, world, signal);
  world.deployed(environment, issued.job.sha);
  return told(request, issued);
}

/** Shows what a deployment of a commit would change; nothing is touched. */
export async function plan(
  request: Asked<'plan'>,
  world: ActsWorld,
  signal: AbortSignal,
): Promise<ActAnswer> {
  const { environment } = request;
  const commit = await commitFor(environment, request.ref, world, signal);
  const ask = { operation: 'plan', environment, ...commit, typed: request.params } as const;
  const issued = await issue(request, ask, world, signal);
  return told(request, issued);
}

/** Goes back to a commit that completed here; neither GitHub nor Git is asked for it. */
export async function rollback(
  request: Asked<'rollback'>,
  world: ActsWorld,
  signal: AbortSignal,
): Promise<ActAnswer> {
  const { environment, to, reason } = request;
  const history = `sallyport history ${environment}`;
  const hints = { nothing: history, other: history };
  const view = await viewOf(environment, world, signal);
  const { deployment, job } = findCompleted(environment, view, to, hints);
  if (!(await (await world.git()).has(job.sha))) throw lost(job.sha, environment);
  const ask = {
    operation: 'rollback',
    environment,
    sha: job.sha,
    ref: job.ref,
    params: { to: String(deployment), reason },
    carried: givenOf(job.params),
  } as const;
  const gates = [{ name: 'completed', open: true, reason: 'completed_here' }];
  return told(request, await issue(request, { ...ask, judged: { gates } }, world, signal));
}

/** Moves the traffic to what is staged, or back to what had it before; neither GitHub nor Git is asked for it. */
export async function switchTraffic(
  request: Asked<'switch'>,
  world: ActsWorld,
  signal: AbortSignal,
): Promise<ActAnswer> {
  const { environment, target, to, reason } = request;
  const history = `sallyport history ${environment}`;
  const hints = { nothing: `sallyport deploy ${environment} --stage`, other: history };
  const view = await viewOf(environment, world, signal);
  // Asked for again, what was staged then has moved already.
  const id = jobIdOf(causeOf(request, world.host));
  const asked = view.deployments.find((one) => one.job.id === id);
  if (asked) return told(request, { ...asked, duplicate: true });
  const goal = findSwitchHere(environment, view, { target, to }, hints);
  const { job, deployment } = goal.view;
  if (!(await (await world.git()).has(job.sha))) throw lost(job.sha, environment);
  const gate = gateOfSwitch(goal, environment);
  const accepted = goal.isStaged ? job.gates.filter(({ name }) => name !== gate.name) : [];
  const ask: Ask = {
    operation: 'switch',
    environment,
    sha: job.sha,
    ref: job.ref,
    only: goal.targets,
    flags: { ...forced(request), ...flagsOfSwitch(goal) },
    params: { to: String(deployment), reason },
    carried: givenOf(job.params),
    judged: {
      authors: job.authors,
      gates: [...accepted, { name: gate.name, open: true, reason: gate.reason }],
    },
  };
  return told(request, await issue(request, ask, world, signal));
}

/** As `findSwitch`, with what to type next as people type it here. */
function findSwitchHere(...asked: Parameters<typeof findSwitch>): SwitchGoal {
  try {
    return findSwitch(...asked);
  } catch (error) {
    const { code, message, hint, exit } = asSallyportError(error);
    throw new SallyportError({
      code,
      message: `${message}.`,
      hint: hint === undefined ? hint : atTerminal(hint),
      exit,
      cause: error,
    });
  }
}

function forced({ force_quarantined }: { readonly force_quarantined: boolean }) {
  return force_quarantined ? { 'force-quarantined': true } : {};
}

type Ask = Omit<IssueAsk, 'auto' | 'actor' | 'cause'>;

async function issue(
  request: ActRequest,
  ask: Ask,
  world: ActsWorld,
  signal: AbortSignal,
): Promise<Issued> {
  const params = Object.entries(ask.params ?? {}).filter(([, value]) => value !== '');
  const { beside } = world;
  const alone = beside && !beside.isAnswering() ? { [withoutGithub]: true } : {};
  const judged = judgedBefore(ask, beside);
  const by = { actor: actorOf(request.caller), cause: causeOf(request, world.host), auto: false };
  const flags = { ...ask.flags, ...alone };
  const whole = { ...ask, ...by, ...judged, flags, params: Object.fromEntries(params) };
  await refuseEarly(whole, world, signal);
  return await world.issue(whole, signal);
}

/** What GitHub said of the commit when it was to come here before: of its checks the host can ask nobody. */
function judgedBefore(
  { environment, sha, operation }: Ask,
  beside: ActsWorld['beside'],
): Pick<IssueAsk, 'judged'> {
  if (!beside || operation !== 'deploy') return {};
  const known = beside
    .of(environment)
    .deployments.findLast(
      ({ job, deployment }) =>
        !isLocal(deployment) && job.sha === sha && job.operation === 'deploy',
    );
  return known ? { judged: { gates: known.job.gates } } : {};
}

/** A retried request finds the commit that it was for the first time: the job stands, and its cause is the same. */
async function commitFor(
  environment: string,
  ref: string | null,
  world: ActsWorld,
  signal: AbortSignal,
): Promise<FoundCommit> {
  const { deployments } = await viewOf(environment, world, signal);
  const known = deployments.map(({ job }) => job.sha);
  return await findCommit(await world.git(), ref ?? (await world.branch(signal)), known, signal);
}

function told({ verb }: ActRequest, { deployment, job, duplicate }: Issued): ActAnswer {
  const { environment, operation, sha } = job;
  const what = `${operation} of ${sha.slice(0, 7)} to ${environment}`;
  const message = `Deployment ${deployment}: ${what}${duplicate ? ' (asked for before)' : ''}.`;
  const next = operation === 'plan' ? null : `sallyport logs ${deployment} --follow`;
  return answerOf({ verb, environment, deployment, commit: sha, message, next });
}

function lost(sha: string, environment: string): SallyportError {
  return new SallyportError({
    code: 'commit_missing',
    message: `Commit ${sha.slice(0, 7)} is no longer in the Git cache of this host.`,
    hint: `Choose another one: sallyport history ${environment}`,
    exit: exitCodes.notFound,
  });
}
