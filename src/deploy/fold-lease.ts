import type { LoggedRecord } from './admit.ts';

/** How long a claim lasts without being renewed, in ms. */
export const leaseMs = 60_000;
/** How long after its end a lease is left alone before another agent may claim the unit, in ms. */
export const graceMs = 60_000;

/** Who holds the lease on a unit that lives on no host. */
export interface LeaseView {
  /** `null` where nobody holds it, or nobody ever did. */
  readonly holder: string | null;
  /** When the holder last claimed or renewed it, by the ledger's clock. */
  readonly at: number;
  /** How many agents held it before: one that succeeds begins with verifying. */
  readonly predecessors: number;
}

const unclaimed: LeaseView = { holder: null, at: 0, predecessors: 0 };

/** The lease on one target of one deployment, after the given records in order of their ids. */
export function foldLease(target: number, records: readonly LoggedRecord[]): LeaseView {
  return records.reduce((lease, entry) => stepLease(lease, target, entry), unclaimed);
}

/** The lease after one more record. */
export function stepLease(lease: LeaseView, target: number, entry: LoggedRecord): LeaseView {
  const { record, signer, at } = entry;
  if (record.kind !== 'lease' || record.target !== target || signer.kind !== 'host') return lease;
  const isHolder = lease.holder === signer.host;
  if (record.state === 'released') return isHolder ? { ...lease, holder: null } : lease;
  if (isHolder) return { ...lease, at: Math.max(lease.at, at) };
  if (record.state === 'renewed' || !isFree(lease, at)) return lease;
  return { holder: signer.host, at, predecessors: lease.predecessors + (lease.at > 0 ? 1 : 0) };
}

/** Whether a claim written at this moment (the ledger's clock) takes the lease. */
export function isFree(lease: LeaseView, at: number): boolean {
  return lease.holder === null || at > lease.at + leaseMs + graceMs;
}

export const freshLease = unclaimed;
