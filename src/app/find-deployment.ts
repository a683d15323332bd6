import type { DeploymentView } from '../deploy/fold-deployment.ts';
import type { EnvironmentView } from '../deploy/fold-environment.ts';
import type { Reading } from '../deploy/reader.ts';

/** A deployment that stands, in its environment. */
export interface Found {
  readonly view: DeploymentView;
  readonly environment: EnvironmentView;
}

/** `null` where the deployment is not ours, or lost its place. */
export function findDeployment(deployment: number, { environments }: Reading): Found | null {
  for (const environment of environments.values()) {
    const view = environment.deployments.find((one) => one.deployment === deployment);
    if (view) return { view, environment };
  }
  return null;
}
