import type { DeploymentState } from '../model/deployment.ts';
import type { Job } from '../model/job.ts';
import type { Reason } from '../model/reason.ts';
import type { UnitState } from '../model/unit.ts';

/** What of a unit its deployment's state depends on. */
interface UnitStand {
  readonly state: UnitState;
  readonly reason: Reason;
}

export interface Reduced {
  readonly state: DeploymentState;
  readonly reason: Reason;
  readonly over: boolean;
}

/** While nothing has failed, a deployment is shown as far as its farthest unit. */
const progress: readonly (readonly [DeploymentState, readonly UnitState[]])[] = [
  ['post-validating', ['verifying']],
  ['applying', ['applying', 'done']],
  ['backing-up', ['backing-up']],
  ['planning', ['planning', 'planned', 'approved']],
  ['pending', ['waiting']],
];

/** The state of a deployment as its units make it. A deployment of nothing is `skipped`. */
export function reduceUnits(
  units: readonly UnitStand[],
  onFailure: Job['on_failure'] = 'rollback',
): Reduced {
  if (units.length === 0) return { state: 'skipped', reason: 'nothing_to_change', over: true };
  const troubled = units.find(({ state }) => isTrouble(state));
  if (troubled) return reduceTrouble(units, troubled, onFailure);
  if (units.every(({ state }) => state === 'done')) {
    return { state: 'completed', reason: units.at(-1)!.reason, over: true };
  }
  const [state] = progress.find(([, states]) => units.some((unit) => states.includes(unit.state)))!;
  return { state, reason: units.find((unit) => unit.state !== 'done')!.reason, over: false };
}

function reduceTrouble(
  units: readonly UnitStand[],
  troubled: UnitStand,
  onFailure: Job['on_failure'],
): Reduced {
  const failed = units.find(({ state }) => state === 'failed');
  const { reason } = failed ?? troubled;
  const isMoving = units.some(isActive);
  const isOwed = onFailure === 'rollback' && units.some(({ state }) => state === 'done');
  if (isMoving || isOwed) return { state: 'rolling-back', reason, over: false };
  return { state: failed ? 'failed' : 'rolled-back', reason, over: true };
}

function isTrouble(state: UnitState): boolean {
  return state === 'rolling-back' || state === 'rolled-back' || state === 'failed';
}

/** It is being worked on, or was when its host stopped: whoever works on it goes on first. */
export function isActive({ state }: Pick<UnitStand, 'state'>): boolean {
  return ['planning', 'backing-up', 'applying', 'verifying', 'rolling-back'].includes(state);
}

/** Nothing more happens to it by itself. */
export function isSettled({ state }: Pick<UnitStand, 'state'>): boolean {
  return state === 'done' || state === 'rolled-back' || state === 'failed';
}
