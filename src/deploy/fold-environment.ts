import type { Digest } from '../model/digest.ts';
import type { EventLog } from './admit.ts';
import type { EnvironmentFacts } from '../policy/facts.ts';
import { foldDeployment, type DeploymentView } from './fold-deployment.ts';

/** A job that does not stand: another one with its id or its `prev` came first, or its `prev` itself does not stand. */
export interface VoidedJob {
  readonly deployment: number;
  readonly view: DeploymentView;
  readonly why: 'duplicate' | 'conflict';
  /** The deployment that came first. */
  readonly stands: number;
}

/** What is known of an environment: a pure fold over its jobs in order of deployment id. */
export interface EnvironmentView {
  readonly name: string;
  /** Digest of the newest job that stands; the next job's `prev`. */
  readonly head: Digest | null;
  /** A job names a job before it that is not there. Nothing new starts until a person speaks. */
  readonly gap: { readonly deployment: number; readonly missing: Digest } | null;
  /** The chain of jobs that stand, oldest first. */
  readonly deployments: readonly DeploymentView[];
  /** Written, and not yet bound by the App. */
  readonly unbound: readonly DeploymentView[];
  readonly voided: readonly VoidedJob[];
  /** The oldest one that is not over: the only one whose units may be worked on. */
  readonly running: DeploymentView | null;
  /** What waits behind it, in order. */
  readonly queue: readonly DeploymentView[];
  /** The newest completed one: what should be live. */
  readonly lastGood: DeploymentView | null;
  /** What holds here by people's word and by what went wrong; folded from jobs and records. */
  readonly facts: EnvironmentFacts;
  /** The newest accepted job that changes targets: what people want to run. */
  readonly desired: DeploymentView | null;
  /** The newest completed one before it with another commit: where `/rollback` goes. */
  readonly previousGood: DeploymentView | null;
}

/** The flag of a job by which a person accepts that jobs before it are lost. */
export const acceptGap = 'accept-gap';

interface Chain {
  readonly standing: DeploymentView[];
  readonly unbound: DeploymentView[];
  readonly voided: VoidedJob[];
  gap: EnvironmentView['gap'];
}

/**
 * Folds an environment. `before` is the digest of the job right before the oldest in the log,
 * where the log is known to begin in the middle of the chain; `null` where it begins at its start.
 */
export function foldEnvironment(
  name: string,
  log: EventLog,
  before: Digest | null = null,
): EnvironmentView {
  const chain: Chain = { standing: [], unbound: [], voided: [], gap: null };
  for (const job of log.jobs) {
    if (job.job.environment === name) link(chain, foldDeployment(job, log.records), before);
  }
  const { standing, unbound, voided, gap } = chain;
  // Whoever accepts a gap starts anew: what was open before, and may be what is missing, is given up.
  const start = standing.findLastIndex(({ job }) => job.flags[acceptGap] === true);
  const open = standing.slice(Math.max(0, start)).filter(({ over }) => !over);
  const good = standing.filter(({ state }) => state === 'completed').toReversed();
  return {
    name,
    head: standing.at(-1)?.digest ?? before,
    gap,
    deployments: standing,
    unbound,
    voided,
    running: open[0] ?? null,
    queue: open.slice(1),
    facts: { name, lock: null, pause: null, held: [], quarantined: [] },
    desired: standing.at(-1) ?? null,
    lastGood: good[0] ?? null,
    previousGood: good.find(({ job }) => job.sha !== good[0]?.job.sha) ?? null,
  };
}

/** Jobs that lost their place to another one and stand nowhere yet: the App issues them anew. */
export function lostJobs({ deployments, voided }: EnvironmentView): readonly DeploymentView[] {
  const standing = new Set(deployments.map(({ job }) => job.id));
  const lost = voided.filter(({ why, view }) => why === 'conflict' && !standing.has(view.job.id));
  return [...new Map(lost.map(({ view }) => [view.job.id, view])).values()];
}

function link(chain: Chain, view: DeploymentView, before: Digest | null): void {
  const { standing, unbound, voided } = chain;
  const { deployment, job } = view;
  const same = standing.find((earlier) => earlier.job.id === job.id);
  if (same) {
    voided.push({ deployment, view, why: 'duplicate', stands: same.deployment });
    return;
  }
  if (!view.bound) {
    unbound.push(view);
    return;
  }
  const head = standing.at(-1)?.digest ?? before;
  if (job.prev === null && job.flags[acceptGap] === true) {
    chain.gap = null;
    standing.push(view);
  } else if (chain.gap) {
    return;
  } else if (job.prev === head) {
    standing.push(view);
  } else {
    const rival =
      standing.find((earlier) => earlier.job.prev === job.prev) ??
      voided.find((lost) => lost.view.digest === job.prev)?.view;
    if (rival) voided.push({ deployment, view, why: 'conflict', stands: rival.deployment });
    else chain.gap = { deployment, missing: job.prev ?? view.digest };
  }
}
