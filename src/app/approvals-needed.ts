import type { Environment } from '../config/environment.ts';
import type { DeploymentView } from '../deploy/fold-deployment.ts';

/** How many people have to approve: as the policy says, and one at least of what breaks somebody. */
export function approvalsNeeded({ units }: DeploymentView, { require }: Environment): number {
  const isBreaking = units.some(({ reason }) => reason === 'breaking_change');
  return Math.max(require.approvals, isBreaking ? 1 : 0);
}
