import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../ports/clock.ts';

/** This machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep,
  random: () => Math.random(),
};

async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  try {
    await wait(ms, undefined, signal ? { signal } : {});
  } catch (error) {
    // Node rejects with an AbortError of its own; callers compare with the signal's reason.
    signal?.throwIfAborted();
    throw error;
  }
}
