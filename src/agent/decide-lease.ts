import { graceMs, isFree, leaseMs, type LeaseView } from '../deploy/fold-lease.ts';

/** How old a claim must be, by the ledger's clock, before a read of it counts, in ms: every older claim can be seen by then. */
export const settleMs = 5_000;
/** How many reads must show the claimant first. */
export const readsNeeded = 2;
/** A lease is renewed this long after the last time, in ms. */
export const renewAfterMs = leaseMs / 3;
/** Work ends where the lease was not renewed for this long, in ms by this machine's clock. */
export const giveUpAfterMs = (leaseMs * 2) / 3;

export interface LeaseSituation {
  readonly lease: LeaseView;
  readonly me: string;
  /** The ledger's clock at the read, in ms since 1970. */
  readonly now: number;
  /** Reads in a row, before this one, that showed this agent as the holder of a settled claim. */
  readonly shown: number;
  /** This machine's clock minus when the last claim or renewal was sent; `null` where this agent sent none. */
  readonly sinceSentMs: number | null;
}

export type LeaseMove =
  | { readonly kind: 'claim' }
  | { readonly kind: 'read-again'; readonly shown: number; readonly inMs: number }
  | { readonly kind: 'renew' }
  | { readonly kind: 'act' }
  | { readonly kind: 'stand-back'; readonly inMs: number };

/** What an agent that wants a unit on no host does about its lease, after one read. */
export function decideLease(situation: LeaseSituation): LeaseMove {
  const { lease, me, now, shown, sinceSentMs } = situation;
  if (lease.holder !== me) {
    if (!isFree(lease, now)) {
      return { kind: 'stand-back', inMs: lease.at + leaseMs + graceMs - now + 1 };
    }
    // A claim of ours that cannot be seen yet is given its time before it is made anew.
    return sinceSentMs !== null && sinceSentMs < settleMs
      ? { kind: 'read-again', shown: 0, inMs: settleMs - sinceSentMs }
      : { kind: 'claim' };
  }
  // A lease of an earlier life of this agent, or one grown old while waiting.
  if (sinceSentMs === null || sinceSentMs >= renewAfterMs) return { kind: 'renew' };
  const age = Math.min(sinceSentMs, now - lease.at);
  if (age < settleMs) return { kind: 'read-again', shown: 0, inMs: settleMs - age };
  return shown + 1 >= readsNeeded
    ? { kind: 'act' }
    : { kind: 'read-again', shown: shown + 1, inMs: settleMs };
}
