import { changesTargets, goesBack, isWhole } from '../model/job.ts';
import type { DeploymentView, UnitView } from './fold-deployment.ts';

type Ended = Pick<DeploymentView, 'job' | 'state' | 'reason'> & {
  readonly units: readonly Pick<UnitView, 'reason'>[];
};

/** Whether it is done, and waits in idle slots, with one target at least, for a person who moves the traffic. */
export function isStaged({ job, state, reason }: Pick<Ended, 'job' | 'state' | 'reason'>): boolean {
  return state === 'completed' && reason === 'staged' && changesTargets(job.operation);
}

/** Whether all that it did waits in idle slots: what is in force is what was there before. */
export function isOnlyStaged(view: Ended): boolean {
  return isStaged(view) && view.units.every(({ reason }) => waiting.has(reason));
}

const waiting: ReadonlySet<string> = new Set(['staged', 'nothing_to_change']);

/** Whether it was changed with success, be it one target alone. Plans and locks complete too, but bring nothing there. */
export function hasChanged(view: Ended): boolean {
  return view.state === 'completed' && changesTargets(view.job.operation) && !isOnlyStaged(view);
}

/** Whether it brought its commit there; one target alone brings not the whole of it, nor does what is staged. */
export function isGood(view: Ended): boolean {
  return hasChanged(view) && isWhole(view.job) && !isStaged(view);
}

/** A person went back to what had completed there: with a rollback, or to the slot that had the traffic before. */
export function isWayBack({ job }: Pick<Ended, 'job'>): boolean {
  return goesBack(job) && job.flags['auto'] !== true;
}
