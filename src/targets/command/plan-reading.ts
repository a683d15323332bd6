import { z } from 'zod';
import type { Change } from '../../model/plan.ts';
import type { Reason } from '../../model/reason.ts';
import { StepFailure } from '../target.ts';

/** What a plan says would change. */
export interface PlanReading {
  readonly changes: readonly Change[];
  /** Reasons besides breaking changes for which people should look twice. */
  readonly risks: readonly string[];
}

const maxChanges = 10_000;
const maxFields = 200;

/** Text of a program, for people: one line, of a length that can be shown. */
export const Line = z
  .string()
  .min(1)
  .transform((text) => oneLine(text).slice(0, 512));

/** Reads JSON of a program; refuses what does not look like it should. */
export function readJson<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
  what: string,
  reason: Reason = 'plan_failed',
): z.output<Schema> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The error would quote what was printed, which may be a secret that nobody declared.
    throw new StepFailure(reason, `${what} is ${text.trim() === '' ? 'empty' : 'not JSON'}`);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const details = parsed.error.issues.slice(0, 5).map(inWords);
  throw new StepFailure(reason, `${what} is not what was expected`, details, parsed.error);
}

/** Refuses a plan that nobody could read. */
export function assertReadable({ changes }: PlanReading): void {
  if (changes.length <= maxChanges) return;
  throw new StepFailure(
    'too_large',
    `the plan has ${changes.length} changes; at most ${maxChanges}`,
  );
}

/** Names of fields, for people; nothing where there are none. */
export function fieldsOf(names: readonly string[]): { readonly fields?: readonly string[] } {
  const fields = [...new Set(names.map(oneLine))].toSorted().slice(0, maxFields);
  return fields.length === 0 ? {} : { fields };
}

function inWords({ path, message }: z.core.$ZodIssue): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`;
}

/** Control characters would speak to the terminal. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();
}
