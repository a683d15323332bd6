import { changesTargets } from '../model/job.ts';
import type { ReportedDeployment, ReportedEnvironment } from './views.ts';

/** What a host has, as the ledger tells. */
export interface HostStand {
  /** The newest commit that was brought there; `null` where none was, or where people acted on the host itself. */
  readonly commit: string | null;
  /** Since when, in ms since 1970. */
  readonly since: number | null;
}

export function standOfHost(
  host: string,
  { deployments, facts }: Pick<ReportedEnvironment, 'deployments' | 'facts'>,
): HostStand {
  const held = facts.held.find((each) => each.host === host);
  if (held) return { commit: null, since: held.since };
  const brought = deployments.filter((view) => broughtAt(host, view) !== null);
  const commit = brought.at(-1)?.job.sha ?? null;
  const first = brought[brought.findLastIndex(({ job }) => job.sha !== commit) + 1];
  return { commit, since: first ? broughtAt(host, first) : null };
}

/** When its commit came there; `null` where it did not, or waits in an idle slot. */
function broughtAt(host: string, { job, units }: ReportedDeployment): number | null {
  const done = units.filter(
    (unit) => unit.host === host && unit.state === 'done' && unit.reason !== 'staged',
  );
  return done.length === 0 || !changesTargets(job.operation)
    ? null
    : Math.max(...done.map(({ at }) => at));
}
