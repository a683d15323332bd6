import { asSallyportError } from '../model/errors.ts';

export interface Pace {
  /** Between two polls while all is well, in ms. */
  readonly intervalMs: number;
  /** The longest pause after errors, in ms. */
  readonly maxMs: number;
}

/** GitHub's limits are over within the hour: no answer, however odd, puts an agent to sleep for longer, in ms. */
const longestAskedMs = 3_660_000;

/** A pause of the interval, at most a tenth shorter or longer, so that agents do not poll in step. */
export function jittered(intervalMs: number, random: number): number {
  return Math.round(intervalMs * (0.9 + random * 0.2));
}

/**
 * How long to pause after the given number of errors in a row: doubling from the interval, with
 * jitter, and not shorter than what the other side asked for, up to an hour.
 */
export function pauseAfter(failures: number, error: unknown, pace: Pace, random: number): number {
  const doubled = Math.min(pace.maxMs, pace.intervalMs * 2 ** Math.min(failures - 1, 20));
  const asked = Math.min(asSallyportError(error).retryAfterMs ?? 0, longestAskedMs);
  return Math.max(jittered(doubled, random), asked);
}
