import type { DeploymentView } from '../deploy/fold-deployment.ts';
import type { EnvironmentView } from '../deploy/fold-environment.ts';
import { replacedBy } from '../deploy/replaced.ts';
import { changesTargets } from '../model/job.ts';
import { githubStates, type GithubState } from '../model/deployment.ts';

/** What GitHub should be shown of a deployment, for people. */
export interface Closing {
  readonly deployment: number;
  readonly state: GithubState;
  readonly description: string;
}

/**
 * What to show GitHub after a status came in: the state that the fold reached where the status
 * says another, and `inactive` for the deployment that this one replaced. Deployments that
 * are not over are left to the hosts, whose next record shows them.
 */
export function closingsAfter(
  view: DeploymentView,
  environment: EnvironmentView,
  shown: string,
): readonly Closing[] {
  if (!view.over) return [];
  const should = finalState(view, environment);
  const own: Closing = {
    deployment: view.deployment,
    state: should,
    description:
      should === 'inactive' ? 'replaced' : view.reason === 'staged' ? 'staged' : view.state,
  };
  return [...(should === shown ? [] : [own]), ...replacedIn(view, environment)];
}

function finalState(view: DeploymentView, { lastGood }: EnvironmentView): GithubState {
  const isReplaced =
    view.state === 'completed' &&
    changesTargets(view.job.operation) &&
    lastGood !== null &&
    lastGood.deployment > view.deployment;
  return isReplaced ? 'inactive' : githubStates[view.state];
}

function replacedIn(view: DeploymentView, environment: EnvironmentView): readonly Closing[] {
  if (environment.lastGood?.deployment !== view.deployment) return [];
  const description = `replaced by deployment ${view.deployment}`;
  return replacedBy(view, environment.deployments).map(({ deployment }) => ({
    deployment,
    state: 'inactive',
    description,
  }));
}
