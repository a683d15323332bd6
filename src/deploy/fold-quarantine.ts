import { isWhole } from '../model/job.ts';
import type { Reason } from '../model/reason.ts';
import type { EnvironmentFacts } from '../policy/facts.ts';
import { hasChanged, isWayBack } from './completed.ts';
import { hasBegun, type DeploymentView } from './fold-deployment.ts';

type Quarantined = EnvironmentFacts['quarantined'][number];

/** The flag of a job by which a person sends a quarantined commit out all the same. */
const forceQuarantined = 'force-quarantined';

/** Failures of the host or the network, and people's word: they say nothing of the commit. */
const blameless: ReadonlySet<Reason> = new Set([
  'fetch_failed',
  'backup_failed',
  'disk_full',
  'expired',
  'cancelled',
]);

/**
 * Commits that went wrong here, or that people went back from, and that do not come again by
 * themselves. `deployments` are those that stand, oldest first, of which the first only counts as
 * what was live where it completed.
 */
export function foldQuarantine(
  deployments: readonly DeploymentView[],
): EnvironmentFacts['quarantined'] {
  const quarantined = new Map<string, Quarantined>();
  let live: DeploymentView | null = null;
  for (const view of deployments) {
    const { job, deployment } = view;
    if (isLifting(view)) quarantined.delete(job.sha);
    const why = failureOf(view);
    if (why !== null) quarantined.set(job.sha, { sha: job.sha, deployment, why });
    if (!hasChanged(view)) continue;
    if (isWayBack(view) && live && live.job.sha !== job.sha) {
      const left = `${job.actor.login} went back from it to ${job.sha.slice(0, 7)}`;
      quarantined.set(live.job.sha, { sha: live.job.sha, deployment, why: left });
    }
    live = view;
  }
  return [...quarantined.values()];
}

/** A person lets the commit come again: the whole of it, of which one target says nothing. */
function isLifting(view: DeploymentView): boolean {
  const { job, state } = view;
  if (job.operation === 'release-quarantine') return true;
  if (!isWhole(job)) return false;
  if (state === 'completed' && isWayBack(view)) return true;
  const isAccepted = !['rejected', 'cancelled', 'superseded', 'skipped'].includes(state);
  return bringsCommit(view) && job.flags[forceQuarantined] === true && isAccepted;
}

/** Deploys a commit, or moves the traffic to one that was staged. */
function bringsCommit(view: DeploymentView): boolean {
  const { operation } = view.job;
  return operation === 'deploy' || (operation === 'switch' && !isWayBack(view));
}

/** Why the commit is not to come again by itself; `null` where nothing was changed for it. */
function failureOf(view: DeploymentView): string | null {
  const { state, reason, over, units } = view;
  const isFailure = over && (state === 'rolled-back' || state === 'failed');
  if (!isFailure || !bringsCommit(view) || !units.some(hasBegun)) return null;
  return blameless.has(reason) ? null : `${state}: ${reason}`;
}
