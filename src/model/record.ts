import type { Digest } from './digest.ts';
import type { Reason } from './reason.ts';
import type { UnitState } from './unit.ts';

/** What the App says of a deployment, for itself (`bound`, `superseded`) or for a person. */
export const actStates = [
  'bound',
  'approved',
  'rejected',
  'cancelled',
  'superseded',
  'skipped',
] as const;
export type ActState = (typeof actStates)[number];

/** What an agent says of its claim on a unit that lives on no host. */
export const leaseStates = ['claimed', 'renewed', 'released'] as const;
export type LeaseState = (typeof leaseStates)[number];

/**
 * What a host says of an environment as a whole: it differs from what was deployed, it was mended,
 * people acted on the host itself, or gave it back.
 */
export const hostStates = ['drifted', 'healed', 'held', 'released'] as const;
export type HostState = (typeof hostStates)[number];

/** Fields of every record: signed, compact, written to the ledger as text and never changed. */
interface RecordBase {
  /**
   * Digest of the job that it speaks of: a record means nothing for any other job. Records
   * carry 16 bytes of a digest; one that was read back has only these.
   */
  readonly job: Digest;
  readonly reason: Reason;
  /** When it was written, by the ledger's clock (GitHub's `Date`), in ms since 1970. */
  readonly at: number;
}

/** Said by the App. */
export interface ActRecord extends RecordBase {
  readonly kind: 'act';
  readonly state: ActState;
  /** `bound`: the deployment id. Else the GitHub user id of the person who acted. */
  readonly subject: number;
  /** The plan that was approved, where one was. */
  readonly plan: Digest | null;
}

/** Said by a host of one of its units. */
export interface UnitRecord extends RecordBase {
  readonly kind: 'unit';
  readonly state: UnitState;
  /** Place of the target in the job's `targets`. */
  readonly target: number;
  /** Place of the host in the job's `roster`; `null` for a unit on no host. */
  readonly host: number | null;
  /** 1 at first; counts every time that the unit goes back to `waiting`. */
  readonly attempt: number;
  readonly plan: Digest | null;
}

/** Said by an agent of its lease on a unit on no host. */
export interface LeaseRecord extends RecordBase {
  readonly kind: 'lease';
  readonly state: LeaseState;
  readonly target: number;
  /** Rises with every record that this agent writes of this unit's lease, from 0: claims, renewals and releases alike. */
  readonly attempt: number;
}

/** Said by a host of itself in one environment, on the environment's newest deployment. */
export interface HostRecord extends RecordBase {
  readonly kind: 'host';
  readonly state: HostState;
  /** Place of the host in the job's `roster`. */
  readonly host: number;
  /** Counts what this host says of itself in this environment, from 1. */
  readonly number: number;
  /**
   * Place in the job's `targets` of the only one that people acted on; absent: of several, of one
   * that this job does not name, or nobody said.
   */
  readonly target?: number;
  /** What drifted, as a plan's digest; the digest of the local job where people acted. */
  readonly plan: Digest | null;
}

export type LedgerRecord = ActRecord | UnitRecord | LeaseRecord | HostRecord;
