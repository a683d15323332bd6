import type { Retry } from '../config/environment.ts';
import { asSallyportError } from '../model/errors.ts';
import { StepFailure } from '../targets/target.ts';

/** Whether what was thrown may be different in a while without anybody doing anything. */
export function mayPass(thrown: unknown): boolean {
  return thrown instanceof StepFailure ? thrown.mayPass : asSallyportError(thrown).next === 'retry';
}

/**
 * How long to wait after the try with this number (from 1), in ms: longer each time, never longer
 * than `max`, and between half and all of that by chance, so that many hosts do not try at once.
 */
export function pauseAfterTry(
  attempt: number,
  { initial, factor, max }: Retry,
  random: number,
): number {
  const longest = Math.min(max, initial * factor ** (attempt - 1));
  return Math.round(longest * (0.5 + random / 2));
}
