import type { Environment } from '../config/environment.ts';
import type { DeploymentView } from '../deploy/fold-deployment.ts';
import { approvalsWanted } from '../policy/approvals.ts';

/** How many people have to approve: as the policy and GitHub say, and one at least of what breaks somebody. */
export function approvalsNeeded({ units, job }: DeploymentView, policy: Environment): number {
  const isBreaking = units.some(({ reason }) => reason === 'breaking_change');
  return Math.max(approvalsWanted(policy, job.flags), isBreaking ? 1 : 0);
}
