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

const nothing: Reduced = { state: 'skipped', reason: 'nothing_to_change', over: true };

/**
 * The state of a deployment as its units make it. A deployment of nothing is `skipped`. Where it
 * `isStopping`, units that have not begun never do. `late` are units of hosts that were left out:
 * nobody waits for them, but what they did goes back with the others.
 */
export function reduceUnits(
  units: readonly UnitStand[],
  onFailure: Job['on_failure'] = 'rollback',
  isStopping = false,
  late: readonly UnitStand[] = [],
): Reduced {
  if (units.length === 0) return nothing;
  const troubled = units.filter(({ state }) => isTrouble(state));
  if (troubled.length > 0) return reduceTrouble([...units, ...late], troubled, onFailure);
  if (units.every(({ state }) => state === 'done')) {
    const isStaged = units.some(({ reason }) => reason === 'staged');
    const reason = isStaged ? 'staged' : units.at(-1)!.reason;
    return { state: 'completed', reason, over: true };
  }
  if (isStopping) return reduceStopping([...units, ...late], onFailure);
  const asking = units.find(isAsking);
  if (asking && !units.some(isChanging)) {
    return { state: 'awaiting-approval', reason: asking.reason, over: false };
  }
  const reason = units.find((unit) => unit.state !== 'done')!.reason;
  return { state: farthest(units), reason, over: false };
}

function farthest(units: readonly UnitStand[]): DeploymentState {
  return progress.find(([, states]) => units.some(({ state }) => states.includes(state)))![0];
}

/** The state of a job that only plans: it has come to its end when every unit has a plan or none. */
export function reducePlans(units: readonly UnitStand[]): Reduced {
  if (units.length === 0) return nothing;
  const open = units.find(({ state }) => state === 'waiting' || state === 'planning');
  if (open) {
    const state = units.every((unit) => unit.state === 'waiting') ? 'pending' : 'planning';
    return { state, reason: open.reason, over: false };
  }
  const failed = units.find(({ state }) => state === 'failed');
  return failed
    ? { state: 'failed', reason: failed.reason, over: true }
    : { state: 'completed', reason: 'none', over: true };
}

function reduceTrouble(
  units: readonly UnitStand[],
  troubled: readonly UnitStand[],
  onFailure: Job['on_failure'],
): Reduced {
  const failed = troubled.find(({ state }) => state === 'failed');
  // Those that went back for the sake of another one do not say why.
  const cause = troubled.find((unit) => unit.reason !== 'later_unit_failed');
  const { reason } = failed ?? cause ?? troubled[0]!;
  const isMoving = units.some(isChanging);
  const isOwed = onFailure === 'rollback' && units.some(mayGoBack);
  if (isMoving || isOwed) return { state: 'rolling-back', reason, over: false };
  if (troubled.every(isStoppedClean) && !units.some(mayGoBack)) {
    return { state: 'cancelled', reason, over: true };
  }
  return { state: failed ? 'failed' : 'rolled-back', reason, over: true };
}

/** Cancelled after it had begun, and nothing has gone back yet. */
function reduceStopping(units: readonly UnitStand[], onFailure: Job['on_failure']): Reduced {
  const reason = 'cancelled';
  if (units.some(isChanging)) return { state: farthest(units), reason, over: false };
  if (!units.some(mayGoBack)) return { state: 'cancelled', reason, over: true };
  return onFailure === 'rollback'
    ? { state: 'rolling-back', reason, over: false }
    : { state: 'failed', reason, over: true };
}

/** Stopped by a person before it had changed anything. */
function isStoppedClean({ state, reason }: UnitStand): boolean {
  return state === 'failed' && reason === 'cancelled';
}

/** It failed, or went back, or is about to. */
export function isTrouble(state: UnitState): boolean {
  return state === 'rolling-back' || state === 'rolled-back' || state === 'failed';
}

/** Its plan is known, and it waits for people's word on it. */
export function isAsking({ state, reason }: UnitStand): boolean {
  return state === 'planned' && (reason === 'awaiting_approval' || reason === 'breaking_change');
}

/** Its target is being changed, or was when its host stopped: whoever works on it goes on first. */
export function isChanging({ state }: Pick<UnitStand, 'state'>): boolean {
  return ['backing-up', 'applying', 'verifying', 'rolling-back'].includes(state);
}

/** It is done, and something was changed for it. */
export function mayGoBack({ state, reason }: UnitStand): boolean {
  return state === 'done' && reason !== 'nothing_to_change';
}

/** Nothing more happens to it by itself. */
export function isSettled({ state }: Pick<UnitStand, 'state'>): boolean {
  return state === 'done' || state === 'rolled-back' || state === 'failed';
}
