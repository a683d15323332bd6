import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../ports/clock.ts';

/** This machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep,
  random: () => Math.random(),
};

/** What a timer of Node can count; it takes more for none at all. */
const longestMs = 2 ** 31 - 1;

async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  try {
    await wait(Math.min(ms, longestMs), undefined, signal ? { signal } : {});
  } catch (error) {
    // Node rejects with an AbortError of its own; callers compare with the signal's reason.
    signal?.throwIfAborted();
    throw error;
  }
}
