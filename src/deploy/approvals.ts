import { digestOf, type Digest } from '../model/digest.ts';
import { unitKey, type Unit } from '../model/unit.ts';
import type { Approval } from '../policy/facts.ts';
import type { DeploymentView, UnitView } from './fold-deployment.ts';
import { shortDigest } from './record-codec.ts';
import { isSettled } from './reduce-units.ts';

/** What the plans of a deployment are approved by. */
type PlannedUnit = Pick<Unit, 'target' | 'host'> & Pick<UnitView, 'plan' | 'state' | 'reason'>;

/**
 * The digest of all plans of a deployment together, which people approve: the same before and after
 * a unit is done. `null` until every unit that has not ended has a plan; those of hosts that were
 * left out have none.
 */
export function planDigestOf(units: readonly PlannedUnit[]): Digest | null {
  const counted = units.filter(({ reason }) => reason !== 'host_skipped');
  const planned = counted.filter(({ plan }) => plan !== null);
  const isWhole = counted.every((unit) => unit.plan !== null || isSettled(unit));
  if (!isWhole || planned.length === 0) return null;
  const lines = planned.map((unit) => `${unitKey(unit)} ${shortDigest(unit.plan!)}`).toSorted();
  return shortDigest(digestOf(lines.join('\n')));
}

/** Who approved a deployment as it is planned now. */
export interface Approvals {
  /** What there is to approve; `null` before there is a plan. */
  readonly digest: Digest | null;
  /** Of exactly this digest, each person once, in the order of the ledger. */
  readonly approvals: readonly Approval[];
  /** People whose approval was of another plan, or of none, and counts no more. */
  readonly voidCount: number;
}

export function approvalsOf({ units, acts }: Pick<DeploymentView, 'units' | 'acts'>): Approvals {
  const digest = planDigestOf(units);
  const approved = acts.filter(({ state }) => state === 'approved');
  const valid = new Map<number, Approval>();
  for (const { person, plan, at } of approved) {
    const isOfIt = digest !== null && plan !== null && shortDigest(plan) === digest;
    if (isOfIt && !valid.has(person)) valid.set(person, { person, at });
  }
  const others = new Set(approved.map(({ person }) => person).filter((who) => !valid.has(who)));
  return { digest, approvals: [...valid.values()], voidCount: others.size };
}
