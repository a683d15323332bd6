import type { Retry } from '../config/environment.ts';
import { asSallyportError } from '../model/errors.ts';
import { StepFailure, type Step } from '../targets/target.ts';

/** Whether what was thrown may be different in a while without anybody doing anything. */
export function mayPass(thrown: unknown): boolean {
  return thrown instanceof StepFailure ? thrown.mayPass : asSallyportError(thrown).next === 'retry';
}

/** Going back waits for room for as long as it takes: what cannot be written down may be in force already. */
const untilThereIsRoom: Retry = { attempts: Infinity, initial: 1000, factor: 2, max: 30_000 };

/** By which rule a step that failed is tried again; `null`: this was its last try. */
export function retryAfter(
  { phase }: Pick<Step, 'phase'>,
  thrown: unknown,
  retry: Retry | null,
): Retry | null {
  if (phase === 'rolling-back' && hadNoRoom(thrown)) return untilThereIsRoom;
  return mayPass(thrown) ? retry : null;
}

function hadNoRoom(thrown: unknown): boolean {
  const why = thrown instanceof StepFailure ? thrown.reason : asSallyportError(thrown).code;
  return why === 'disk_full';
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
