import { asSallyportError } from '../model/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { WorkQueue } from '../ports/store.ts';

const dayMs = 24 * 3_600_000;
const intervalMs = 3_600_000;
/** GitHub can be asked to send a webhook again for three days; so long its id must be known. */
const kept = { done: 4 * dayMs, failed: 30 * dayMs };

/** Forgets what is over, at the start and every hour, until aborted; never rejects. */
export async function pruneUntil(
  signal: AbortSignal,
  inbox: Pick<WorkQueue, 'prune'>,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Promise<void> {
  while (!signal.aborted) {
    await inbox.prune(kept).catch((error: unknown) => {
      log.warn('old deliveries were not forgotten', { error: asSallyportError(error).message });
    });
    await clock.sleep(intervalMs, signal).catch(() => {});
  }
}
