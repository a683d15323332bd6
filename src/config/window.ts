import { z } from 'zod';
import { durationBetween } from './duration.ts';
import { section } from './later.ts';

/** An IANA timezone that this machine knows. */
const Timezone = z
  .string({ error: 'a timezone such as Europe/Berlin' })
  .refine(isTimezone, { error: 'is not a timezone that is known here' });

/** When changes may come, or may not. Durations are milliseconds once parsed. */
export const Window = section({
  kind: z.enum(['allow', 'deny']),
  schedule: z.string({ error: 'a cron line such as "0 9 * * 1-5"' }).max(255),
  duration: durationBetween('1m', '366d'),
  timezone: Timezone.default('UTC'),
  manual: z.boolean().default(false).describe('People may come through by command.'),
}).describe('When changes may come: cron, duration and timezone; deny wins.');
export type Window = z.output<typeof Window>;

const day = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2})?$/;
const dayRule = 'a day such as 2026-12-20, or a time such as 2026-12-20T18:00';

export const Freeze = section({
  from: z.string({ error: dayRule }).regex(day),
  to: z.string({ error: dayRule }).regex(day).describe('Exclusive.'),
  timezone: Timezone.default('UTC'),
  reason: z.string().max(200).default(''),
}).describe('A time without changes.');
export type Freeze = z.output<typeof Freeze>;

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}
