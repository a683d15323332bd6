/** The states of a unit: one target of one deployment on one host. */
export const unitStates = [
  'waiting',
  'planning',
  'planned',
  'approved',
  'backing-up',
  'applying',
  'verifying',
  'done',
  'rolling-back',
  'rolled-back',
  'failed',
] as const;

export type UnitState = (typeof unitStates)[number];

/** A target's place in a deployment: on one host, or on none (a cluster, a forge). */
export interface Unit {
  readonly target: string;
  /** `null` where the target lives on no host; such a unit is claimed with a lease. */
  readonly host: string | null;
  /** Units of a lower wave are done before those of a higher one begin. */
  readonly wave: number;
}

/** `web@web-1`, or `dns@-` for a unit on no host: unique within a deployment. */
export function unitKey(unit: Pick<Unit, 'target' | 'host'>): string {
  return `${unit.target}@${unit.host ?? '-'}`;
}
