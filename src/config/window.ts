import { z } from 'zod';
import { nearest } from '../model/nearest.ts';
import { isTimezone } from '../model/timezone.ts';
import { parseCron } from './cron.ts';
import { durationBetween } from './duration.ts';
import { section } from './later.ts';

/** An IANA timezone that this machine knows. */
const Timezone = z
  .string({ error: 'a timezone such as Europe/Berlin' })
  .max(64)
  .superRefine((name, context) => {
    if (isTimezone(name)) return;
    const meant = nearest(name, Intl.supportedValuesOf('timeZone'));
    const question = meant === undefined ? '' : `; did you mean ${meant}?`;
    context.addIssue({ code: 'custom', message: `is no timezone that is known here${question}` });
  });

const Schedule = z
  .string({ error: 'a cron line such as "0 9 * * 1-5"' })
  .max(255)
  .superRefine((line, context) => {
    const read = parseCron(line);
    if (read.ok) return;
    const message = `is not a cron line, at character ${read.at + 1}: ${read.why}`;
    context.addIssue({ code: 'custom', message });
  });

/** When changes may come, or may not. Durations are milliseconds once parsed. */
export const Window = section({
  kind: z
    .enum(['allow', 'deny'])
    .describe('`deny` wins; with any `allow`, all other time is closed.'),
  schedule: Schedule.describe('When it begins: five fields of cron, by the clock of `timezone`.'),
  duration: durationBetween('1m', '366d').describe('How long it lasts, as elapsed time.'),
  timezone: Timezone.default('UTC').describe('IANA name: Europe/Berlin.'),
  manual: z
    .boolean()
    .default(false)
    .describe(
      'People may come through by command: of all windows that keep it closed, each must say so.',
    ),
}).describe('When changes may come: cron, duration and timezone; deny wins.');
export type Window = z.output<typeof Window>;

const dayRule = 'a day such as 2026-12-20, or a time such as 2026-12-20T18:00';
const Day = z
  .string({ error: dayRule })
  .regex(/^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2})?$/, { error: dayRule, abort: true })
  .refine(isInCalendar, { error: 'is no day or time of the calendar' });

/** A day that is none has a problem of its own: only two that can be compared are. */
export const Freeze = section({
  from: Day.describe('A day (its midnight) or a time of day.'),
  to: Day.describe('Exclusive.'),
  timezone: Timezone.default('UTC').describe('IANA name: Europe/Berlin.'),
  reason: z.string().max(200).default('').describe('For people.'),
})
  .refine(({ from, to }) => !(wallTime(from) >= wallTime(to)), {
    error: 'must begin before it ends',
  })
  .describe('A time without changes.');
export type Freeze = z.output<typeof Freeze>;

/** A day or a time of day, read as if it were UTC, in ms. */
export function wallTime(day: string): number {
  return Date.parse(day.length === 10 ? `${day}T00:00Z` : `${day}Z`);
}

/** `Date` takes 30 February for 2 March. */
function isInCalendar(day: string): boolean {
  const at = wallTime(day);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
}
