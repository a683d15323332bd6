import type { UnitView } from '../deploy/fold-deployment.ts';
import { shortDigest } from '../deploy/record-codec.ts';
import type { Digest } from '../model/digest.ts';
import type { TargetPlan } from '../model/plan.ts';
import type { Reason } from '../model/reason.ts';
import type { UnitRecord } from '../model/record.ts';
import { firstClosed, type GateDecision } from '../policy/gate.ts';
import { isRefusal, reasonOfGate } from '../policy/judge-gates.ts';

/** Where a unit stands as far as this host has said, whether or not the ledger shows it yet. */
export type Stand = Pick<UnitRecord, 'state' | 'reason' | 'attempt' | 'plan'>;

/** What follows from the plan of a unit and the gates before it. */
export type Move =
  | { readonly kind: 'begin' }
  /** There is nothing to change. */
  | { readonly kind: 'end' }
  | { readonly kind: 'refuse'; readonly gate: GateDecision }
  | {
      readonly kind: 'wait';
      readonly gate: GateDecision;
      /** What is to be said of it; `null` where that was said. */
      readonly say: Word | null;
    };

export interface Word {
  readonly state: 'planned' | 'waiting';
  readonly reason: Reason;
  readonly attempt: number;
}

/** The later of what the ledger shows of a unit and what this host said of it. */
export function standOf(unit: UnitView, said: UnitRecord | null): Stand {
  if (!said || said.attempt < unit.attempt) return unit;
  if (said.attempt > unit.attempt) return said;
  return unit.state === 'waiting' && said.state === 'planned' ? said : unit;
}

/** A gate that only people can open is said as `planned`, with the plan; one that opens by itself as `waiting`. */
export function nextMove(gates: readonly GateDecision[], plan: TargetPlan, stand: Stand): Move {
  const isEmpty = plan.changes.length === 0;
  const gate = firstClosed(isEmpty ? gates.filter((each) => !asksPeople(each)) : gates);
  if (!gate) return { kind: isEmpty ? 'end' : 'begin' };
  if (isRefusal(gate)) return { kind: 'refuse', gate };
  const reason = reasonOfGate(gate);
  if (asksPeople(gate)) return { kind: 'wait', gate, say: plannedWord(reason, plan.digest, stand) };
  const isSaid = stand.state === 'waiting' && stand.reason === reason;
  const say = isSaid ? null : { state: 'waiting' as const, reason, attempt: stand.attempt + 1 };
  return { kind: 'wait', gate, say };
}

/** What is to be said of a plan; `null` where that was said. A plan that took another's place counts as another attempt. */
export function plannedWord(reason: Reason, digest: Digest, stand: Stand): Word | null {
  const isPlanned = stand.state === 'planned';
  if (isPlanned && stand.reason === reason && stand.plan === shortDigest(digest)) return null;
  return { state: 'planned', reason, attempt: isPlanned ? stand.attempt + 1 : stand.attempt };
}

/** Whether only people can open it. */
export function asksPeople({ name }: GateDecision): boolean {
  return name === 'approvals' || name === 'breaking';
}
