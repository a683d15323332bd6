import { SallyportError, exitCodes } from '../../model/errors.ts';

const shape = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/i;

/**
 * An instant as people type it, in ms since 1970: a day (its midnight in UTC), or a time with its
 * offset, since two machines may disagree about a time without one. Throws `time_invalid`.
 */
export function instantOf(text: string): number {
  const at = shape.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(at) && isInCalendar(text.slice(0, 10))) return at;
  throw new SallyportError({
    code: 'time_invalid',
    message: `${text} is not a time.`,
    hint: 'Write it as 2026-12-24T18:00:00Z, or with the offset of its timezone: +01:00',
    exit: exitCodes.usage,
  });
}

/** `Date` takes 30 February for 2 March. */
function isInCalendar(day: string): boolean {
  return new Date(`${day}T00:00Z`).toISOString().startsWith(day);
}
