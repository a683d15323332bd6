/** The states of a deployment, reduced from its units, for people and for GitHub's pages. */
export const deploymentStates = [
  'pending',
  'validating',
  'planning',
  'awaiting-approval',
  'backing-up',
  'applying',
  'post-validating',
  'completed',
  'rolling-back',
  'rolled-back',
  'failed',
  'rejected',
  'cancelled',
  'superseded',
  'skipped',
] as const;

export type DeploymentState = (typeof deploymentStates)[number];

/** The states that GitHub knows for a deployment. */
export type GithubState =
  'queued' | 'pending' | 'in_progress' | 'success' | 'failure' | 'error' | 'inactive';

/** How a deployment's state is called on GitHub's pages. */
export const githubStates: Readonly<Record<DeploymentState, GithubState>> = {
  pending: 'queued',
  validating: 'in_progress',
  planning: 'in_progress',
  'awaiting-approval': 'pending',
  'backing-up': 'in_progress',
  applying: 'in_progress',
  'post-validating': 'in_progress',
  completed: 'success',
  'rolling-back': 'in_progress',
  'rolled-back': 'failure',
  failed: 'failure',
  rejected: 'inactive',
  cancelled: 'inactive',
  superseded: 'inactive',
  skipped: 'inactive',
};
