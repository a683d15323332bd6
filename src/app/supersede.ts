import { supersedeOlder } from '../deploy/act.ts';
import { asSallyportError } from '../model/errors.ts';
import { actWorld } from './act-world.ts';
import { findDeployment } from './find-deployment.ts';
import { showDeployment } from './show-deployment.ts';
import type { AppWorld } from './world.ts';

/**
 * Ends what waits in the environment behind a newer deployment. Where that fails the older one
 * goes first, and the newer one after it: nothing is lost, so it only stands in the log. GitHub
 * sends no event of a deployment that became inactive, so what is said of it is said here.
 */
export async function supersede(deployment: number, world: AppWorld): Promise<void> {
  try {
    const reading = await world.reader.refresh();
    const found = findDeployment(deployment, reading);
    if (!found) return;
    const older = await supersedeOlder(found.environment, found.view, actWorld(world, reading));
    for (const view of older) await showDeployment(view.deployment, world);
  } catch (error) {
    const { code, message } = asSallyportError(error);
    world.log.warn('older deployments could not be superseded', { deployment, code, message });
  }
}
