import type { Job } from '../model/job.ts';
import type { UnitView } from './fold-deployment.ts';
import type { EnvironmentView } from './fold-environment.ts';
import { frontOf } from './rollout.ts';
import { whoseTurn } from './whose-turn.ts';

/** A host whose turn it is, and that has said nothing since. */
export interface SilentHost {
  readonly host: string;
  readonly unit: UnitView;
  /** In ms of the ledger's clock. */
  readonly since: number;
}

/** Three polls of a minute are longer than nearly any agent takes for three of its own, in ms. */
const shortestMs = 60_000;
/** Hosts share the requests that GitHub grants: nobody polls more often than this times the roster, in ms. */
export const pollPerHostMs = 2_000;

/** How long a host may say nothing at its turn: three polls. An agent whose `poll` is longer may be taken for lost. */
function patienceOf({ roster }: Pick<Job, 'roster'>): number {
  return 3 * Math.max(shortestMs, pollPerHostMs * roster.length);
}

/** Whether anybody may have been silent for too long; cheap. */
export function mayBeSilent(environment: EnvironmentView, now: number): boolean {
  const { running } = environment;
  return !!running?.bound && now - lastWord(environment) >= patienceOf(running.job);
}

/**
 * The hosts that the running deployment waits for, and that have said nothing since their turn came.
 * One that is working says nothing either, until it is done: it is never taken for lost.
 */
export function silentHosts(
  environment: EnvironmentView,
  planFirst: boolean,
  now: number,
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
    const isSilent = isOwn && isUntouched(unit) && now - since >= patienceOf(running.job);
    return isSilent ? [{ host, unit, since }] : [];
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
