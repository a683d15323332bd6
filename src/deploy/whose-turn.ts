import type { Reason } from '../model/reason.ts';
import { hasBegun, type DeploymentView, type UnitView } from './fold-deployment.ts';
import type { EnvironmentView } from './fold-environment.ts';
import { isAsking, isChanging, isSettled, mayGoBack } from './reduce-units.ts';

/** What an agent is to do now, as every agent with the same log would say. */
export type Turn =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'wait';
      readonly deployment: number;
      readonly reason: Reason;
      readonly message: string;
    }
  /** Say what would change, and change nothing. */
  | { readonly kind: 'plan'; readonly deployment: number; readonly unit: UnitView }
  | { readonly kind: 'act'; readonly deployment: number; readonly unit: UnitView }
  | { readonly kind: 'roll-back'; readonly deployment: number; readonly unit: UnitView };

export interface TurnRules {
  /** People approve: all hosts plan before the first one acts. */
  readonly planFirst: boolean;
}

/**
 * Whose turn it is: waves outside, hosts in the order of the roster inside, one unit at a time.
 * Plans come in any order, beside whatever runs. A unit on no host is anybody's turn; who takes
 * it is a matter of its lease.
 */
export function whoseTurn(
  view: EnvironmentView,
  me: string,
  rules: TurnRules = { planFirst: false },
): Turn {
  const { running } = view;
  const mine = running?.units.find((unit) => isChanging(unit) && unit.host === me);
  if (mine) return turn(running!, mine);
  return (
    planTurn(view.plans, me) ?? (running ? turnOf(running, view, me, rules) : { kind: 'idle' })
  );
}

function turnOf(
  running: DeploymentView,
  view: EnvironmentView,
  me: string,
  rules: TurnRules,
): Turn {
  if (view.gap && !running.units.some(hasBegun)) return waitForGap(view, running);
  const isTroubled = running.stopping !== null || running.units.some(isTrouble);
  // Whoever approves, approves all plans together: where one host asks, the others plan too.
  if (!isTroubled && (rules.planFirst || running.units.some(isAsking))) {
    const unplanned = running.units.filter(({ plan, state }) => !plan && state !== 'done');
    const next = unplanned.find((unit) => isFor(unit, me)) ?? unplanned[0];
    if (next) return isFor(next, me) ? planOf(running, next) : waitFor(running, next);
  }
  const next = isTroubled ? nextToRollBack(running) : nextToDo(running);
  if (!next) return { kind: 'idle' };
  return isFor(next, me) ? turn(running, next) : waitFor(running, next);
}

/** The first unit of a job that only plans, and that is for this host. */
function planTurn(plans: readonly DeploymentView[], me: string): Turn | null {
  for (const deployment of plans) {
    const unit = deployment.units.find(
      (own) => isFor(own, me) && (own.state === 'waiting' || own.state === 'planning'),
    );
    if (unit) return planOf(deployment, unit);
  }
  return null;
}

function isFor({ host }: UnitView, me: string): boolean {
  return host === me || host === null;
}

function planOf({ deployment }: DeploymentView, unit: UnitView): Turn {
  return { kind: 'plan', deployment, unit };
}

function turn({ deployment }: DeploymentView, unit: UnitView): Turn {
  const isBackwards = unit.state === 'done' || unit.state === 'rolling-back';
  return { kind: isBackwards ? 'roll-back' : 'act', deployment, unit };
}

function waitFor({ deployment }: DeploymentView, { target, host }: UnitView): Turn {
  const message = `deployment ${deployment} is at ${target} on ${host}`;
  return { kind: 'wait', deployment, reason: 'not_my_turn', message };
}

/** The first unit in order that is not done. */
function nextToDo(running: DeploymentView): UnitView | undefined {
  return inOrder(running).find((unit) => unit.state !== 'done');
}

/** A unit under way, whose host goes on with it; else the last one that is done and changed something. */
function nextToRollBack(running: DeploymentView): UnitView | undefined {
  const reversed = inOrder(running).toReversed();
  return reversed.find(isChanging) ?? reversed.find(mayGoBack);
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
