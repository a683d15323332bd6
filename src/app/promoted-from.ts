import type { PromoteCommand } from '../command/command.ts';
import { isStaged } from '../deploy/completed.ts';
import { newestCompleted } from '../deploy/find-completed.ts';
import type { DeploymentView } from '../deploy/fold-deployment.ts';
import type { EnvironmentView } from '../deploy/fold-environment.ts';
import { SallyportError, exitCodes } from '../model/errors.ts';

/**
 * The newest completed deployment of the environment that is promoted. Rejects where there is none,
 * where a newer one is under way, and where it was of other targets than what is asked for.
 */
export function promotedFrom(
  { from, environment, flags }: PromoteCommand,
  view: EnvironmentView | undefined,
): DeploymentView {
  const good = view && newestCompleted(view);
  if (!view || !good) {
    throw refusal(
      'nothing_completed',
      `No deployment to ${from} has completed, so there is nothing to promote`,
      `/deploy ${from}`,
    );
  }
  const newer = [view.running, ...view.queue].find(
    (other) => other && other.deployment > good.deployment,
  );
  if (newer) {
    throw refusal(
      'newer_running',
      `Deployment ${newer.deployment} of ${newer.job.sha.slice(0, 7)} to ${from} is not over yet; ${good.job.sha.slice(0, 7)} completed there before it`,
      `Wait for it, or name the commit: /deploy ${environment} @${good.job.sha}`,
    );
  }
  if (isStaged(good)) {
    throw refusal(
      'partly_completed',
      `Deployment ${good.deployment}, the newest that completed in ${from}, is staged: its traffic has not moved`,
      `/switch ${from}`,
    );
  }
  const { only } = good.job.flags;
  if (only !== undefined && only !== flags['only']) {
    throw refusal(
      'partly_completed',
      `Deployment ${good.deployment}, the newest that completed in ${from}, was of ${String(only)} alone`,
      `/promote ${from} ${environment} --only ${String(only)}`,
    );
  }
  return good;
}

function refusal(code: string, message: string, hint: string): SallyportError {
  return new SallyportError({ code, message, hint, exit: exitCodes.refused });
}
