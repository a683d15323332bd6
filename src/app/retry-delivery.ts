import { SallyportError } from '../model/errors.ts';

/** Before the second, third … try, in ms: together about a quarter of an hour. */
const pausesMs: readonly number[] = [2_000, 8_000, 30_000, 120_000, 720_000];

/** Whether what failed is tried again, and in how many ms; `null`: it waits for a person. */
export function retryIn(
  { next, retryAfterMs }: Pick<SallyportError, 'next' | 'retryAfterMs'>,
  attempts: number,
): number | null {
  const pauseMs = pausesMs[attempts - 1];
  if (next !== 'retry' || pauseMs === undefined) return null;
  return Math.max(pauseMs, retryAfterMs ?? 0);
}

const waiting = 'not_yet';

/** A handler throws it where a delivery is to be acted on again later, however often that is. */
export function notYet(message: string, retryAfterMs: number): SallyportError {
  return new SallyportError({ code: waiting, message, next: 'retry', retryAfterMs });
}

/** In how many ms what is not a failure, but not over either, is looked at again; else `null`. */
export function putOffFor({ code, retryAfterMs }: SallyportError): number | null {
  return code === waiting ? (retryAfterMs ?? null) : null;
}
