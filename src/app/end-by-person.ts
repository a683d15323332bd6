import { writeAct } from '../deploy/act.ts';
import type { DeploymentView } from '../deploy/fold-deployment.ts';
import type { Reading } from '../deploy/reader.ts';
import { actWorld } from './act-world.ts';
import type { Person } from './ports.ts';
import { findDeployment } from './find-deployment.ts';
import { showDeployment } from './show-deployment.ts';
import type { AppWorld } from './world.ts';

export interface Ending {
  readonly view: DeploymentView;
  readonly state: 'rejected' | 'cancelled';
  readonly by: Person;
  readonly reason: string | null;
}

/**
 * Ends a deployment with a person's word, and shows it with the reason. Gives it as it stands then: what
 * began or ended meanwhile is not ended by that word.
 */
export async function endByPerson(
  { view, state, by, reason }: Ending,
  reading: Reading,
  world: AppWorld,
): Promise<DeploymentView> {
  const words = `${state} by ${by.login}${reason === null ? '' : `: ${reason}`}`;
  await writeAct({ view, state, person: by.id, plan: null, words }, actWorld(world, reading));
  await showDeployment(view.deployment, world);
  return findDeployment(view.deployment, await world.reader.refresh())?.view ?? view;
}
