import type { Reason } from '../model/reason.ts';
import type { DeploymentView, UnitView } from './fold-deployment.ts';
import type { EnvironmentView } from './fold-environment.ts';
import { isActive, isSettled } from './reduce-units.ts';

/** What an agent is to do now, as every agent with the same log would say. */
export type Turn =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'wait';
      readonly deployment: number;
      readonly reason: Reason;
      readonly message: string;
    }
  | { readonly kind: 'act'; readonly deployment: number; readonly unit: UnitView }
  | { readonly kind: 'roll-back'; readonly deployment: number; readonly unit: UnitView };

/**
 * Whose turn it is: waves outside, hosts in the order of the roster inside, one unit at a time.
 * A unit on no host is anybody's turn; who takes it is a matter of its lease.
 */
export function whoseTurn(view: EnvironmentView, me: string): Turn {
  const { running } = view;
  if (!running) return { kind: 'idle' };
  const began = running.units.some((unit) => unit.state !== 'waiting');
  if (view.gap && !began) return waitForGap(view, running);
  const mine = running.units.find((unit) => isActive(unit) && unit.host === me);
  if (mine) return turn(running, mine);
  const next = running.units.some(isTrouble) ? nextToRollBack(running) : nextToDo(running);
  if (!next) return { kind: 'idle' };
  if (next.host === me || next.host === null) return turn(running, next);
  const message = `deployment ${running.deployment} is at ${next.target} on ${next.host}`;
  return { kind: 'wait', deployment: running.deployment, reason: 'not_my_turn', message };
}

function turn({ deployment }: DeploymentView, unit: UnitView): Turn {
  const isBackwards = unit.state === 'done' || unit.state === 'rolling-back';
  return { kind: isBackwards ? 'roll-back' : 'act', deployment, unit };
}

/** The first unit in order that is not done. */
function nextToDo(running: DeploymentView): UnitView | undefined {
  return inOrder(running).find((unit) => unit.state !== 'done');
}

/** A unit under way, whose host goes on with it; else the last one that is done. */
function nextToRollBack(running: DeploymentView): UnitView | undefined {
  const reversed = inOrder(running).toReversed();
  return reversed.find((unit) => isActive(unit)) ?? reversed.find((unit) => unit.state === 'done');
}

function inOrder({ job, units }: DeploymentView): readonly UnitView[] {
  const places = new Map(job.roster.map(({ name }, place) => [name, place]));
  const placeOf = (unit: UnitView) => (unit.host === null ? -1 : (places.get(unit.host) ?? 0));
  return units.toSorted(
    (a, b) => a.wave - b.wave || placeOf(a) - placeOf(b) || a.targetIndex - b.targetIndex,
  );
}

function isTrouble(unit: UnitView): boolean {
  return unit.state === 'rolling-back' || (isSettled(unit) && unit.state !== 'done');
}

function waitForGap({ gap }: EnvironmentView, { deployment }: DeploymentView): Turn {
  const message = `job ${gap!.deployment} follows a job that the ledger does not show (${gap!.missing.slice(0, 19)}…)`;
  return { kind: 'wait', deployment, reason: 'ledger_gap', message };
}
