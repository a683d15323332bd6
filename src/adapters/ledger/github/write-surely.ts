import { asSallyportError, type SallyportError } from '../../../model/errors.ts';
import type { Clock } from '../../../ports/clock.ts';

export type WriteOutcome<Entry> =
  | { readonly kind: 'done'; readonly entry: Entry }
  | { readonly kind: 'uncertain'; readonly error: SallyportError };

export interface SureWrite<Entry> {
  readonly write: () => Promise<WriteOutcome<Entry>>;
  /** Looks whether the entry is there. */
  readonly find: () => Promise<Entry | null>;
}

/** Pauses before each look for an entry whose write had no answer: GitHub's lists lag by seconds. */
const looksAfterMs: readonly number[] = [300, 1200, 3500];
const maxWrites = 3;

/**
 * Writes, and where nobody knows whether the write landed, looks before it writes again. What
 * cannot be told in the end rejects with the write's error (retry); the caller must look first then.
 */
export async function writeSurely<Entry>(
  { write, find }: SureWrite<Entry>,
  clock: Clock,
  signal?: AbortSignal,
): Promise<Entry> {
  for (let writes = 1; ; writes += 1) {
    const outcome = await write();
    if (outcome.kind === 'done') return outcome.entry;
    const found = await look(find, clock, signal);
    if (found) return found;
    if (writes === maxWrites) throw outcome.error;
  }
}

async function look<Entry>(
  find: () => Promise<Entry | null>,
  clock: Clock,
  signal: AbortSignal | undefined,
): Promise<Entry | null> {
  let failure: SallyportError | null = null;
  for (const pauseMs of looksAfterMs) {
    await clock.sleep(pauseMs, signal);
    try {
      const found = await find();
      if (found) return found;
      failure = null;
    } catch (error) {
      signal?.throwIfAborted();
      failure = asSallyportError(error);
      if (failure.next !== 'retry' || failure.retryAfterMs !== undefined) throw failure;
    }
  }
  // Never write again without having been able to look.
  if (failure) throw failure;
  return null;
}
