import { isGood } from './completed.ts';
import type { DeploymentView } from './fold-deployment.ts';
import { changesTargets } from '../model/job.ts';

/**
 * What a deployment that brought its commit took the place of, so that GitHub shows it as `inactive`:
 * the last one before it that did, and what was staged or of one target alone since. What is only
 * staged replaces nothing.
 */
export function replacedBy(
  view: DeploymentView,
  deployments: readonly DeploymentView[],
): readonly DeploymentView[] {
  if (!isGood(view)) return [];
  const place = deployments.findIndex(({ deployment }) => deployment === view.deployment);
  const before = deployments
    .slice(0, Math.max(0, place))
    .filter(({ job, state }) => state === 'completed' && changesTargets(job.operation));
  return before.slice(Math.max(0, before.findLastIndex(isGood)));
}
