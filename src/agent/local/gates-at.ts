import type { Environment } from '../../config/environment.ts';
import { approvalsOf } from '../../deploy/approvals.ts';
import type { DeploymentView } from '../../deploy/fold-deployment.ts';
import type { Sha } from '../../model/job.ts';
import { breakingInWords } from '../../model/plan.ts';
import type { GateDecision } from '../../policy/gate.ts';
import type { Request } from '../../policy/facts.ts';
import { judgeGates } from '../../policy/judge-gates.ts';
import { gatesJson, type GatesJson } from '../../report/gates-json.ts';
import type { UnitPlan } from '../../report/views.ts';
import type { Answers, Asks } from '../asks.ts';
import { completedIn, hasCompletedBefore, isBackToCompleted, isToStaged } from '../gates.ts';
import type { ActsWorld } from './acts-world.ts';
import { atTerminal } from './at-terminal.ts';
import { commitGates } from './commit-gates.ts';
import { findCommit } from './find-commit.ts';
import { instantOf } from './instant-of.ts';
import { viewOf } from './view-of.ts';

interface GatesAsk {
  readonly environment: string;
  /** An instant in ISO 8601; `null`: now. */
  readonly at: string | null;
  /** `null`: the commit that waits, else the head of the branch. */
  readonly ref: string | null;
}

/** Every gate of an environment with its answer, as if a person asked for that commit at that time. */
export type GatesAt = (ask: GatesAsk, signal: AbortSignal) => Promise<GatesJson>;

export interface GatesWorld extends Pick<
  ActsWorld,
  | 'host'
  | 'environments'
  | 'isOnGithub'
  | 'reader'
  | 'beside'
  | 'clock'
  | 'git'
  | 'branch'
  | 'policyNow'
> {
  readonly plansOf: (deployment: number) => Promise<readonly UnitPlan[]>;
  /** Asks whomever `require.external` names; not for another time than now. */
  readonly asks: Pick<Asks, 'all'>;
}

/** Rejects with `time_invalid`, `environment_unknown`, `ref_missing`, and as Git and the ledger do. */
export function createGatesAt(world: GatesWorld): GatesAt {
  return async ({ environment, at, ref }, signal) => {
    const time = at === null ? world.clock.now() : instantOf(at);
    const view = await viewOf(environment, world, signal);
    const policy = (await world.policyNow(environment, signal)).environment;
    const waiting = ref === null ? view.running : null;
    const sha = waiting?.job.sha ?? (await commitOf(ref, view.deployments, world, signal));
    const running = view.running?.job.sha === sha ? view.running : null;
    const environments =
      world.beside?.forPeople() ?? (await (await world.reader()).refresh(signal)).environments;
    const request = requestFor(sha, running, environments);
    const { digest, approvals, voidCount } = running
      ? approvalsOf(running)
      : { digest: null, approvals: [], voidCount: 0 };
    const plans = running ? await world.plansOf(running.deployment) : [];
    const breaking = plans.flatMap(({ changes }) => breakingInWords(changes));
    const { require } = policy;
    const job = running?.job ?? null;
    const facts = { environment, sha, require, job };
    const own = judgeGates({
      at: time,
      policy,
      environment: view.facts,
      request,
      plan: digest && {
        digest,
        // Hosts that change alike say the same.
        breaking: [...new Set(breaking)],
        risk: plans.some(({ risk }) => risk === 'high') ? 'high' : 'low',
      },
      approvals,
      voidApprovals: voidCount,
      completedBefore: running
        ? hasCompletedBefore(running, policy, environments)
        : completedIn(require.from, sha, environments),
      external: at === null ? await answers(request, policy, environment, world, signal) : {},
      host: world.host,
    });
    const names = new Set(own.map(({ name }) => name));
    const ofCommit = await commitGates(facts, await world.git(), signal);
    const gates = [
      ...ofCommit.filter(({ name }) => !names.has(name)),
      ...own.map((gate) => (at === null ? gate : askedThen(gate))),
    ];
    const typed = world.isOnGithub ? gates : gates.map((gate) => typedHere(gate, running));
    return gatesJson({ environment, at: time, gates: typed });
  };
}

/** Nobody is asked today what they would say at another time. */
function askedThen(gate: GateDecision): GateDecision {
  if (gate.reason !== 'external_silent') return gate;
  const message = 'Who is asked answers when it is time, and not for another time';
  return { ...gate, reason: 'external_not_asked', message, hint: null };
}

function typedHere(gate: GateDecision, running: DeploymentView | null): GateDecision {
  return gate.hint === null ? gate : { ...gate, hint: atTerminal(gate.hint, running?.deployment) };
}

function answers(
  { operation, sha, actor, auto }: Request,
  policy: Environment,
  environment: string,
  { asks, host }: GatesWorld,
  signal: AbortSignal,
): Promise<Answers> {
  const facts = { environment, host, deployment: null, operation, sha, ref: '', actor, auto };
  return asks.all(policy, facts, signal);
}

function requestFor(
  sha: Sha,
  running: DeploymentView | null,
  environments: Parameters<typeof isBackToCompleted>[1],
): Request {
  const job = running?.job;
  return {
    operation: job?.operation ?? 'deploy',
    sha,
    auto: job?.flags['auto'] === true,
    isRollback: job !== undefined && isBackToCompleted(job, environments),
    isStaged: job !== undefined && isToStaged(job, environments),
    flags: job?.flags ?? {},
    authors: job?.authors ?? [],
    actor: job?.actor.login ?? '',
    ...(job ? { person: job.actor.id } : {}),
  };
}

async function commitOf(
  ref: string | null,
  deployments: readonly DeploymentView[],
  { git, branch }: GatesWorld,
  signal: AbortSignal,
): Promise<Sha> {
  const cache = await git();
  const head = await branch(signal);
  if (ref === null) {
    // Windows and freezes can be told without a commit; the head as it was fetched last is enough.
    const found = (await cache.refs()).find(({ name }) => name === `refs/heads/${head}`);
    if (found) return found.sha;
  }
  const known = deployments.map(({ job }) => job.sha);
  return (await findCommit(cache, ref ?? head, known, signal)).sha;
}
