import type { EnvironmentView } from '../deploy/fold-environment.ts';
import { takenByHand } from '../deploy/taken-by-hand.ts';
import { showDeployment } from './show-deployment.ts';
import type { AppWorld } from './world.ts';

/**
 * Shows anew what people on a host took out of its slot: the host says so on its newest deployment,
 * so that no status of its own tells of it. Nothing is written twice.
 */
export async function showTaken(environment: EnvironmentView, world: AppWorld): Promise<void> {
  for (const { deployment } of takenByHand(environment)) await showDeployment(deployment, world);
}
