import { supersedeOlder } from '../deploy/act.ts';
import { asSallyportError } from '../model/errors.ts';
import { actWorld } from './act-world.ts';
import { findDeployment } from './find-deployment.ts';
import type { AppWorld } from './world.ts';

/**
 * Ends what waits in the environment behind a newer deployment. Where that fails the older one
 * goes first, and the newer one after it: nothing is lost, so it only stands in the log.
 */
export async function supersede(deployment: number, world: AppWorld): Promise<void> {
  try {
    const reading = await world.reader.refresh();
    const found = findDeployment(deployment, reading);
    if (found) await supersedeOlder(found.environment, found.view, actWorld(world, reading));
  } catch (error) {
    const { code, message } = asSallyportError(error);
    world.log.warn('older deployments could not be superseded', { deployment, code, message });
  }
}
