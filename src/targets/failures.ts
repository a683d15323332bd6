import { asSallyportError, SallyportError } from '../model/errors.ts';
import { isReason, type Reason } from '../model/reason.ts';
import type { ProgramResult } from '../ports/programs.ts';
import { StepFailure } from './target.ts';

/** Runs a part of a step; whatever it throws becomes a StepFailure, with the most precise reason that is known. */
export async function failingAs<T>(
  reason: Reason,
  signal: AbortSignal,
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act();
  } catch (thrown) {
    if (thrown instanceof StepFailure) throw thrown;
    signal.throwIfAborted();
    throw asStepFailure(thrown, reason);
  }
}

/** Refuses a program that did not end with 0. */
export function assertSuccess(what: string, reason: Reason, result: ProgramResult): void {
  if (result.status === 0) return;
  const isFull = result.tail.some((line) => noRoom.test(line));
  const message = `${what} ended with ${result.status}`;
  if (!isFull) throw new StepFailure(reason, message, result.tail);
  throw new StepFailure('disk_full', `${message}: the disk is full`, result.tail);
}

// Too many watched files is an ENOSPC, too, and has nothing to do with the disk.
const noRoom =
  /\bENOSPC\b(?!: System limit)|\bEDQUOT\b|No space left on device|Disk quota exceeded/;

function asStepFailure(thrown: unknown, reason: Reason): StepFailure {
  const { code } = thrown as NodeJS.ErrnoException;
  // Some programs say it only in words, such as git.
  if (noRoom.test(`${code} ${(thrown as Error).message}`)) {
    return new StepFailure('disk_full', (thrown as Error).message, [], thrown);
  }
  const error = asSallyportError(thrown);
  const isOurFault = !(thrown instanceof SallyportError) && typeof code !== 'string';
  const known = isReason(error.code) && error.code !== 'internal' ? error.code : reason;
  const details = error.hint === undefined ? [] : [error.hint];
  return new StepFailure(isOurFault ? 'internal' : known, error.message, details, thrown);
}
