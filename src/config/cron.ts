import { parseCronField, type CronFault, type CronField } from './cron-field.ts';

/** When something begins, by the clock on the wall. Lists are sorted. */
export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: readonly number[];
  readonly months: readonly number[];
  /** 0 is Sunday. */
  readonly weekdays: readonly number[];
  /** Days of the month and days of the week are both named: one of them is enough. */
  readonly either: boolean;
}

const minute = { name: 'a minute', least: 0, most: 59, names: [] };
const hour = { name: 'an hour', least: 0, most: 23, names: [] };
const dayOfMonth = { name: 'a day of the month', least: 1, most: 31, names: [] };
const monthNames = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const month = { name: 'a month', least: 1, most: 12, names: monthNames };
const dayNames = 'sun mon tue wed thu fri sat'.split(' ');
const dayOfWeek = { name: 'a day of the week', least: 0, most: 7, names: dayNames };
const fields: readonly CronField[] = [minute, hour, dayOfMonth, month, dayOfWeek];

/**
 * Reads the five fields of a cron line: minute, hour, day of the month, month, day of the week.
 * Lists, ranges, steps and names, as `cron` has them; none of the additions (`L`, `W`, `#`, `?`,
 * `@daily`). As there, days of the month and of the week that are both restricted mean either;
 * a field that begins with `*` restricts nothing in that sense.
 */
export function parseCron(text: string): { readonly ok: true; readonly cron: Cron } | CronFault {
  const words = [...text.matchAll(/\S+/g)];
  if (words.length !== fields.length) {
    const at = words[fields.length]?.index ?? text.length;
    const why = `expected five fields (minute hour day month weekday), not ${words.length}`;
    return { ok: false, at, why };
  }
  const values: (readonly number[])[] = [];
  for (const [place, field] of fields.entries()) {
    const word = words[place]!;
    const read = parseCronField(field, word[0]);
    if (!read.ok) return { ...read, at: word.index + read.at };
    values.push(read.values);
  }
  const [minutes, hours, days, months, sundays] = values as [
    number[],
    number[],
    number[],
    number[],
    number[],
  ];
  const weekdays = [...new Set(sundays.map((day) => day % 7))].toSorted((a, b) => a - b);
  const isRestricted = (place: number) => !words[place]![0].startsWith('*');
  const either = isRestricted(2) && isRestricted(4);
  if (!either && !months.some((one) => days[0]! <= longestMonth(one))) {
    const why = `day ${days[0]} never comes in ${months.map((one) => monthNames[one - 1]).join(', ')}`;
    return { ok: false, at: words[2]!.index, why };
  }
  return { ok: true, cron: { minutes, hours, days, months, weekdays, either } };
}

function longestMonth(of: number): number {
  return of === 2 ? 29 : [4, 6, 9, 11].includes(of) ? 30 : 31;
}
