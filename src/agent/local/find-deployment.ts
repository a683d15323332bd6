import type { DeploymentView } from '../../deploy/fold-deployment.ts';
import type { ActsWorld } from './acts-world.ts';
import { unknownDeployment } from './person-errors.ts';

/** A deployment to an environment that this host serves, as the ledger has it now. */
export async function findDeployment(
  deployment: number,
  { reader, environments, beside }: Pick<ActsWorld, 'reader' | 'environments' | 'beside'>,
  signal: AbortSignal,
): Promise<DeploymentView> {
  const reading = await (await reader()).refresh(signal);
  for (const name of environments) {
    const view = reading.environments.get(name);
    const views = beside ? beside.of(name, view).deployments : (view?.deployments ?? []);
    const found = views.find((each) => each.deployment === deployment);
    if (found) return found;
  }
  throw unknownDeployment(deployment);
}
