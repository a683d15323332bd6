import type { Reason } from '../model/reason.ts';
import { hasBegun, type DeploymentView, type UnitView } from './fold-deployment.ts';
import type { EnvironmentView } from './fold-environment.ts';
import { isAsking, isChanging, isTrouble } from './reduce-units.ts';
import { frontOf, isCounted, retreatOf, rolloutOf } from './rollout.ts';

/** What an agent is to do now, as every agent with the same log would say. */
export type Turn =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'wait';
      readonly deployment: number;
      readonly reason: Reason;
      readonly message: string;
      /** When it ends by itself, in ms of the ledger's clock. */
      readonly until?: number;
    }
  /** Say what would change, and change nothing. */
  | { readonly kind: 'plan'; readonly deployment: number; readonly unit: UnitView }
  | { readonly kind: 'act'; readonly deployment: number; readonly unit: UnitView }
  | { readonly kind: 'roll-back'; readonly deployment: number; readonly unit: UnitView };

export interface TurnRules {
  /** People approve: all hosts plan before the first one acts. */
  readonly planFirst: boolean;
  /** The ledger's clock, in ms since 1970: pauses between batches end by it. */
  readonly now: number;
}

const noRules: TurnRules = { planFirst: false, now: Infinity };

/**
 * Whose turn it is: waves outside; inside, the canary and batches of hosts in the order of the
 * roster, one unit a host. Plans come in any order, beside whatever runs. A unit on no host is
 * anybody's turn; who takes it is a matter of its lease.
 */
export function whoseTurn(view: EnvironmentView, me: string, rules: TurnRules = noRules): Turn {
  const { running } = view;
  const mine = running?.units.find((unit) => isChanging(unit) && unit.host === me);
  if (mine) return turn(running!, mine);
  const plan = planTurn(view.plans, me);
  if (plan) return plan;
  return running ? turnOf(running, view, me, rules) : lateTurn(view, me);
}

/** Whether nothing more of it may begin: something failed, or a person cancelled it. */
export function isTroubled({
  stopping,
  units,
  skipped,
}: Pick<DeploymentView, 'stopping' | 'units' | 'skipped'>): boolean {
  return (
    stopping !== null || units.some((unit) => isCounted(unit, skipped) && isTrouble(unit.state))
  );
}

function turnOf(
  running: DeploymentView,
  view: EnvironmentView,
  me: string,
  rules: TurnRules,
): Turn {
  if (view.gap && !running.units.some(hasBegun)) return waitForGap(view, running);
  if (isTroubled(running)) return turnAmong(retreatOf(running), running, me);
  // Whoever approves, approves all plans together: where one host asks, the others plan too.
  if (wantsPlans(running, rules)) {
    const unplanned = running.units.filter(
      (unit) => !unit.plan && unit.state !== 'done' && isCounted(unit, running.skipped),
    );
    const next = unplanned.find((unit) => isFor(unit, me)) ?? unplanned[0];
    if (next) return isFor(next, me) ? planOf(running, next) : waitFor(running, [next]);
  }
  const front = frontOf(running);
  if (front && rules.now < front.opensAt) return waitForPause(running, front.opensAt);
  return turnAmong(front?.units ?? [], running, me);
}

/** Where a host that is down is a reason to begin nothing, every host says first that it is there. */
function wantsPlans(running: DeploymentView, { planFirst }: TurnRules): boolean {
  return planFirst || running.units.some(isAsking) || rolloutOf(running.job).down === 'refuse';
}

function turnAmong(units: readonly UnitView[], running: DeploymentView, me: string): Turn {
  const own = units.find((unit) => isFor(unit, me));
  if (own) return turn(running, own);
  return units.length === 0 ? { kind: 'idle' } : waitFor(running, units);
}

/** A host that was left out catches up with what completed without it, when nothing else is under way. */
function lateTurn({ lastGood }: EnvironmentView, me: string): Turn {
  if (!lastGood?.skipped.includes(me)) return { kind: 'idle' };
  const open = lastGood.units.filter((unit) => unit.host === me && unit.state !== 'done');
  const [next] = open.toSorted((a, b) => a.wave - b.wave || a.targetIndex - b.targetIndex);
  const mayGoOn = next !== undefined && !open.some(({ state }) => isTrouble(state));
  return mayGoOn ? turn(lastGood, next) : { kind: 'idle' };
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

function waitFor({ deployment }: DeploymentView, units: readonly UnitView[]): Turn {
  const places = units.map(({ target, host }) => `${target} on ${host}`);
  const message = `deployment ${deployment} is at ${places.join(', ')}`;
  return { kind: 'wait', deployment, reason: 'not_my_turn', message };
}

function waitForPause({ deployment }: DeploymentView, until: number): Turn {
  const message = `deployment ${deployment} pauses between two batches until ${new Date(until).toISOString()}`;
  return { kind: 'wait', deployment, reason: 'rollout_pause', message, until };
}

function waitForGap({ gap }: EnvironmentView, { deployment }: DeploymentView): Turn {
  const message = `job ${gap!.deployment} follows a job that the ledger does not show (${gap!.missing.slice(0, 19)}…)`;
  return { kind: 'wait', deployment, reason: 'ledger_gap', message };
}
