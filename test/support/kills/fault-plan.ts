/**
 * What happens at the chosen moment: half of a write is done, nothing of it, or all of it, and
 * the process dies; or there is no room on the disk, once or from then on.
 */
export const faultKinds = ['torn', 'lost', 'done', 'full-once', 'full'] as const;
export type FaultKind = (typeof faultKinds)[number];

/** The file that the fault-injecting layer looks into: where there is none, nothing goes wrong. */
export interface FaultPlan {
  /** Another plan than before: counting begins anew. */
  readonly id: string;
  readonly kind: FaultKind;
  /** The moment, from 1: a change that the process makes in its files. */
  readonly at: number;
}

/** The variable that names the file. */
export const planVariable = 'KILL_FAULT_PLAN';
