import type { Reading } from '../deploy/reader.ts';
import { SallyportError, exitCodes } from '../model/errors.ts';

const unitsMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
/** What is to hold longer is forgotten by whoever said it, in ms. */
const longestMs = 30 * unitsMs.d;

/** When a time such as `2h` is over, for a job's params; nothing where none was given. Rejects above 30 days. */
export function untilOf(
  time: string | undefined,
  { now }: Reading,
  hint: string,
): { readonly until?: string } {
  if (time === undefined) return {};
  const ms = Number.parseInt(time, 10) * unitsMs[time.slice(-1) as keyof typeof unitsMs];
  if (ms <= longestMs) return { until: new Date(now + ms).toISOString() };
  throw new SallyportError({
    code: 'pause_too_long',
    message: `${time} is longer than 30 days`,
    hint,
    exit: exitCodes.usage,
  });
}
