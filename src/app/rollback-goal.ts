import type { DeploymentView } from '../deploy/fold-deployment.ts';
import type { EnvironmentView } from '../deploy/fold-environment.ts';
import { SallyportError, exitCodes } from '../model/errors.ts';

/**
 * The completed deployment that `/rollback` goes back to. Without `to`: the commit before the
 * last good one; after a failure that left things half-way, the last good one itself.
 */
export function rollbackGoal(
  name: string,
  environment: EnvironmentView | undefined,
  to: string | null,
): DeploymentView {
  const completed = (environment?.deployments ?? []).filter(({ state }) => state === 'completed');
  if (to !== null) return completedAt(to, name, completed);
  const newest = environment?.deployments.at(-1);
  const goal = newest?.state === 'failed' ? environment?.lastGood : environment?.previousGood;
  if (goal) return goal;
  throw new SallyportError({
    code: 'nothing_to_roll_back_to',
    message:
      completed.length === 0
        ? `No deployment to ${name} has completed yet`
        : `Only one commit has completed on ${name}, so there is none before it`,
    hint: `/deploy ${name}`,
    exit: exitCodes.notFound,
  });
}

function completedAt(
  to: string,
  name: string,
  completed: readonly DeploymentView[],
): DeploymentView {
  const wanted = to.replace(/^@/, '');
  const fits = completed.filter(
    ({ job, deployment }) =>
      String(deployment) === wanted ||
      (wanted.length >= 7 && job.sha.startsWith(wanted)) ||
      (job.operation === 'deploy' && job.ref === wanted),
  );
  const commits = new Set(fits.map(({ job }) => job.sha));
  const newest = fits.at(-1);
  if (newest && commits.size === 1) return newest;
  const known = [...new Set(completed.map(({ job }) => job.sha.slice(0, 7)))].slice(-5).join(', ');
  throw new SallyportError({
    code: commits.size > 1 ? 'commit_ambiguous' : 'not_completed_here',
    message:
      commits.size > 1
        ? `${wanted} stands for several commits that completed on ${name}`
        : `${wanted} has not completed on ${name}; what has: ${known || 'nothing yet'}`,
    hint: `/rollback ${name} @SHA, with a commit that completed there`,
    exit: exitCodes.notFound,
  });
}
