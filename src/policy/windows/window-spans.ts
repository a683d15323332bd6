import { parseCron, type Cron } from '../../config/cron.ts';
import type { Window } from '../../config/window.ts';
import { instantOf, offsetAt } from '../../model/timezone.ts';
import { mergeSpans, type Span } from './spans.ts';

const dayMs = 86_400_000;
const minuteMs = 60_000;

/** When a window covers the time between two instants; merged, not cut at `from` and `to`. */
export function spansOfWindow(window: Window, from: number, to: number): readonly Span[] {
  const { cron, times } = scheduleOf(window.schedule);
  const { duration, timezone } = window;
  const inDay = mergeSpans(times.map((start) => ({ start, end: start + duration })));
  const spans: Span[] = [];
  // Local days are up to a day off those of UTC, and a gap moves a start by as much again.
  const last = Math.floor(to / dayMs) + 2;
  for (let day = Math.floor((from - duration) / dayMs) - 2; day <= last; day++) {
    if (!isDayOf(cron, day)) continue;
    const offset = offsetAround(timezone, day);
    if (offset === null) spans.push(...spansByClock(times, duration, timezone, day));
    else {
      const midnight = day * dayMs - offset;
      for (const { start, end } of inDay)
        spans.push({ start: midnight + start, end: midnight + end });
    }
  }
  return mergeSpans(spans).filter(({ start, end }) => start < to && end > from);
}

/** On a day near a change of the clocks, every start is looked up by itself. */
function spansByClock(
  times: readonly number[],
  duration: number,
  timezone: string,
  day: number,
): readonly Span[] {
  return times.map((time) => {
    const start = instantOf(timezone, day * dayMs + time);
    return { start, end: start + duration };
  });
}

/** The offset from UTC all through a local day and a day around it; `null` where it changes. */
function offsetAround(timezone: string, day: number): number | null {
  const offset = offsetAt(timezone, (day - 1) * dayMs);
  const isSame = [day, day + 1, day + 2].every((one) => offsetAt(timezone, one * dayMs) === offset);
  return isSame ? offset : null;
}

/** Whether a day of the calendar (days since 1970) is one of a schedule's. */
function isDayOf(cron: Cron, day: number): boolean {
  const date = new Date(day * dayMs);
  if (!cron.months.includes(date.getUTCMonth() + 1)) return false;
  const isDay = cron.days.includes(date.getUTCDate());
  const isWeekday = cron.weekdays.includes(date.getUTCDay());
  return cron.either ? isDay || isWeekday : isDay && isWeekday;
}

interface Schedule {
  readonly cron: Cron;
  /** When it begins on a day, in ms from midnight by the clock on the wall. */
  readonly times: readonly number[];
}

const schedules = new Map<string, Schedule>();
const maxSchedules = 256;

/** A configuration that was accepted holds only lines that can be read. */
function scheduleOf(line: string): Schedule {
  const known = schedules.get(line);
  if (known) return known;
  const read = parseCron(line);
  if (!read.ok) throw new RangeError(`not a cron line: ${line}`);
  const { hours, minutes } = read.cron;
  const times = hours.flatMap((hour) => minutes.map((minute) => (hour * 60 + minute) * minuteMs));
  if (schedules.size >= maxSchedules) schedules.clear();
  schedules.set(line, { cron: read.cron, times });
  return { cron: read.cron, times };
}
