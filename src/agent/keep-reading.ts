import type { LedgerSource } from './ledger-source.ts';
import type { Notebook } from './notebook.ts';
import type { Poll } from './poll.ts';

export interface KeepReadingWorld {
  readonly poll: Poll;
  readonly source: LedgerSource;
  readonly notebook: Notebook;
}

/**
 * Does the work; while a unit runs in it, the ledger is read at every poll, so that a unit that is
 * cancelled learns of it between two steps. Rejects as the work does: reads that fail are passed over.
 */
export async function keepReading<Result>(
  work: () => Promise<Result>,
  world: KeepReadingWorld,
  signal: AbortSignal,
): Promise<Result> {
  const ended = new AbortController();
  const reading = readUntil(AbortSignal.any([ended.signal, signal]), world);
  try {
    return await work();
  } finally {
    ended.abort();
    await reading;
  }
}

async function readUntil(
  ended: AbortSignal,
  { poll, source, notebook }: KeepReadingWorld,
): Promise<void> {
  while (!ended.aborted) {
    await poll.pause(ended).catch(() => undefined);
    const { open } = notebook;
    if (ended.aborted || open === null || open.outcome !== null) continue;
    // Whoever reads next in earnest tells of a ledger that does not answer.
    await source.refresh(ended).catch(() => undefined);
  }
}
