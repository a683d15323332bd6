import type { Digest } from '../model/digest.ts';
import { changesTargets } from '../model/job.ts';
import type { EnvironmentFacts } from '../policy/facts.ts';
import type { EventLog, LoggedJob, LoggedRecord } from './admit.ts';
import { acceptGap, ancestorsOf, linkChain, type Chain, type VoidedJob } from './chain.ts';
import { isGood, isOnlyStaged } from './completed.ts';
import { foldDeployment, type DeploymentView } from './fold-deployment.ts';
import { foldHands, foldHosts, type ByHand, type HostView } from './fold-hosts.ts';
import { foldPullHold } from './fold-pull-hold.ts';
import { foldQuarantine } from './fold-quarantine.ts';
import { foldStaged, type Staged } from './fold-staged.ts';
import { foldStanding } from './fold-standing.ts';

/** What is known of an environment: a pure fold over its jobs in order of deployment id. */
export interface EnvironmentView {
  readonly name: string;
  /** Digest of the newest job that stands; the next job's `prev`. */
  readonly head: Digest | null;
  /** A job names a job before it that is not there. Nothing new starts until a person speaks. */
  readonly gap: Chain['gap'];
  /** The chain of jobs that stand, oldest first. */
  readonly deployments: readonly DeploymentView[];
  /** Written, and not yet bound by the App. */
  readonly unbound: readonly DeploymentView[];
  readonly voided: readonly VoidedJob[];
  /** The oldest one that changes targets and is not over: the only one whose units may be changed. */
  readonly running: DeploymentView | null;
  /** What waits behind it, in order. */
  readonly queue: readonly DeploymentView[];
  /** Jobs that only plan and are not over; they wait for nothing. */
  readonly plans: readonly DeploymentView[];
  /** The newest completed one that changed targets: what should be live. */
  readonly lastGood: DeploymentView | null;
  /** The newest completed one before it with another commit: where `/rollback` goes. */
  readonly previousGood: DeploymentView | null;
  /** What waits in idle slots for a person who moves the traffic, oldest first. */
  readonly staged: readonly Staged[];
  /**
   * The newest one that changes targets and that nobody took back: what people want to run. What is
   * only staged is not wanted yet.
   */
  readonly desired: DeploymentView | null;
  /** What holds here by people's word and by what went wrong. */
  readonly facts: EnvironmentFacts;
  /** The last that each host said of itself. */
  readonly hosts: ReadonlyMap<string, HostView>;
  /** What hosts told of people who acted there. */
  readonly hands: readonly ByHand[];
  /** Whether the log reaches as far back as anything here depends on. */
  readonly isDeep: boolean;
}

/**
 * How many commits are looked back on for quarantine and for what hosts said: older failures say
 * little, and every reader must come to the same however far back it read.
 */
const memory = 5;

/**
 * Folds an environment from the jobs and records of it that are in the log. `earlier` are its jobs
 * before the oldest of these, whose records were not read; none where the log begins at its start.
 */
export function foldEnvironment(
  name: string,
  log: EventLog,
  earlier: readonly LoggedJob[] = [],
): EnvironmentView {
  const records = Map.groupBy(log.records, ({ deployment }) => deployment);
  const recordsOf = (deployment: number): readonly LoggedRecord[] => records.get(deployment) ?? [];
  const jobs = log.jobs.filter(({ job }) => job.environment === name);
  const before = earlier.length > 0 ? (jobs[0]?.job.prev ?? null) : null;
  const views = jobs.map((job) => foldDeployment(job, recordsOf(job.deployment)));
  const { standing, unbound, voided, gap } = linkChain(views, before);
  // Whoever accepts a gap starts anew: what was open before, and may be what is missing, is given up.
  const start = standing.findLastIndex(({ job }) => job.flags[acceptGap] === true);
  const since = standing.slice(Math.max(0, start));
  const changes = since.filter(isChange);
  const open = changes.filter(({ over }) => !over);
  const good = standing.filter(isGood).reverse();
  const horizon = horizonOf(good);
  const recent = horizon ? since.slice(Math.max(0, since.indexOf(horizon))) : since;
  const { hosts, held } = foldHosts(recent, recordsOf);
  const hands = foldHands(since, recordsOf);
  const people = foldStanding(start < 0 ? [...ancestorsOf(before, earlier), ...since] : since);
  return {
    name,
    head: standing.at(-1)?.digest ?? before,
    gap,
    deployments: standing,
    unbound,
    voided,
    running: open[0] ?? null,
    queue: open.slice(1),
    plans: since.filter(({ job, over }) => job.operation === 'plan' && !over),
    lastGood: good[0] ?? null,
    previousGood: good.find(({ job }) => job.sha !== good[0]?.job.sha) ?? null,
    staged: foldStaged(since, hands),
    desired: standing.findLast(isWanted) ?? null,
    facts: {
      name,
      ...people,
      heldByPull: foldPullHold(since),
      held,
      quarantined: foldQuarantine(recent),
    },
    hosts,
    hands,
    isDeep: horizon !== null,
  };
}

/** An environment of which a ledger knows nothing yet. */
export function emptyEnvironment(name: string): EnvironmentView {
  return foldEnvironment(name, { jobs: [], records: [] });
}

/** Jobs that lost their place to another one and stand nowhere yet: the App issues them anew. */
export function lostJobs({ deployments, voided }: EnvironmentView): readonly DeploymentView[] {
  const standing = new Set(deployments.map(({ job }) => job.id));
  const lost = voided.filter(({ why, view }) => why === 'conflict' && !standing.has(view.job.id));
  return [...new Map(lost.map(({ view }) => [view.job.id, view])).values()];
}

function isChange({ job }: DeploymentView): boolean {
  return changesTargets(job.operation);
}

function isWanted(view: DeploymentView): boolean {
  return isChange(view) && !isTakenBack(view) && !isOnlyStaged(view);
}

function isTakenBack({ state, stopping, over }: DeploymentView): boolean {
  if (stopping !== null && over && state !== 'completed') return true;
  return ['rejected', 'cancelled', 'superseded', 'skipped'].includes(state);
}

/** The newest completed one with which `memory` commits have completed; `null` where there were fewer. */
function horizonOf(good: readonly DeploymentView[]): DeploymentView | null {
  const commits = new Set<string>();
  return good.find(({ job }) => commits.add(job.sha).size === memory) ?? null;
}
