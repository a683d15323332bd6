import type { Job } from '../model/job.ts';
import type { UnitView } from './fold-deployment.ts';
import type { EnvironmentView } from './fold-environment.ts';
import { frontOf } from './rollout.ts';
import { isChanging } from './reduce-units.ts';
import { whoseTurn } from './whose-turn.ts';

/** A host whose turn it is, and that has said nothing since. */
export interface SilentHost {
  readonly host: string;
  readonly unit: UnitView;
  /** In ms of the ledger's clock. */
  readonly since: number;
}

/** Between two polls of an agent whose `poll` says nothing else, and that is nearly alone, in ms. */
const pollMs = 10_000;
/** Polls are jittered by a tenth. */
const longestPoll = 1.1;
/** What a host may take from when it reads that it is its turn to its first word: a fetch, a plan, a request that failed; in ms. */
const toItsWordMs = 60_000;
/** As `toItsWordMs`, where a program of the commit plans. */
const toItsWordOfCommandMs = 180_000;
/** Hosts share the requests that GitHub grants: nobody polls more often than this times the roster, in ms. */
export const pollPerHostMs = 2_000;

/**
 * How long a host may say nothing at its turn: three polls, and what it does before its first word.
 * An agent whose own `poll` is longer may be taken for lost.
 */
function patienceOf({ roster }: Pick<Job, 'roster'>, kind?: string): number {
  const threePolls = 3 * longestPoll * Math.max(pollMs, pollPerHostMs * roster.length);
  return threePolls + (kind === 'command' ? toItsWordOfCommandMs : toItsWordMs);
}

/** Hosts that change something in an environment: whatever else waits for them has to. */
export function hostsAtWork(environments: Iterable<EnvironmentView>): ReadonlySet<string> {
  const units = [...environments].flatMap(({ running }) => running?.units ?? []);
  return new Set(units.flatMap((unit) => (isChanging(unit) && unit.host ? [unit.host] : [])));
}

/** Whether anybody may have been silent for too long; cheap. */
export function mayBeSilent(environment: EnvironmentView, now: number): boolean {
  const { running } = environment;
  return !!running?.bound && now - lastWord(environment) >= patienceOf(running.job);
}

/**
 * The hosts that the running deployment waits for, and that have said nothing since their turn came.
 * One that is `atWork`, here or in another environment, says nothing either until it is done: it is
 * never taken for lost.
 */
export function silentHosts(
  environment: EnvironmentView,
  planFirst: boolean,
  now: number,
  atWork: ReadonlySet<string>,
): readonly SilentHost[] {
  const { running, gap } = environment;
  if (!running?.bound || gap) return [];
  const opensAt = frontOf(running)?.opensAt ?? 0;
  return running.job.roster.flatMap(({ name: host }): readonly SilentHost[] => {
    const turn = whoseTurn(environment, host, { planFirst, now });
    if (turn.kind !== 'act' && turn.kind !== 'plan') return [];
    const { unit, deployment } = turn;
    const since = Math.max(lastWord(environment), environment.hosts.get(host)?.at ?? 0, opensAt);
    const isOwn = deployment === running.deployment && unit.host === host;
    if (!isOwn || !isUntouched(unit) || atWork.has(host)) return [];
    const { kind } = running.job.targets[unit.targetIndex]!;
    return now - since >= patienceOf(running.job, kind) ? [{ host, unit, since }] : [];
  });
}

/** Nothing was said of it: not even that it waits for something. */
function isUntouched({ state, reason }: UnitView): boolean {
  const isWaiting = state === 'waiting' || state === 'planned' || state === 'approved';
  return isWaiting && (reason === 'none' || reason === 'queued' || reason === 'not_my_turn');
}

/** When anything last happened that may have made it that host's turn. */
function lastWord({ running, deployments }: EnvironmentView): number {
  const { at, units, acts } = running!;
  const before = deployments.map(({ endedAt }) => endedAt ?? 0);
  return Math.max(at, ...units.map((unit) => unit.at), ...acts.map((act) => act.at), ...before);
}
