import { changesTargets, isWhole } from '../model/job.ts';
import type { DeploymentView } from './fold-deployment.ts';

type Ended = Pick<DeploymentView, 'job' | 'state'>;

/** Whether it was changed with success, be it one target alone. Plans and locks complete too, but bring nothing there. */
export function hasChanged({ job, state }: Ended): boolean {
  return state === 'completed' && changesTargets(job.operation);
}

/** Whether it brought its commit there; one target alone brings not the whole of it. */
export function isGood(view: Ended): boolean {
  return hasChanged(view) && isWhole(view.job);
}
