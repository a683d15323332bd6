import type { Window } from '../../../src/config/window.ts';

const quarter = 15 * 60_000;
const day = 86_400_000;

/** A cron line as lists, so that the model needs no parser; `null` is `*`. */
export interface Schedule {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: readonly number[] | null;
  readonly weekdays: readonly number[] | null;
}

export interface ModelWindow extends Omit<Window, 'schedule'> {
  readonly schedule: Schedule;
}

export function lineOf({ minutes, hours, days, weekdays }: Schedule): string {
  const words = [minutes, hours, days, null, weekdays];
  return words.map((list) => (list === null ? '*' : list.join(','))).join(' ');
}

/**
 * Answers by trying everything: the clock on the wall is read every quarter of an hour, every
 * start of every window is looked for on it. Slow, plain, and shares nothing with what it judges.
 */
export function modelOf(
  windows: readonly ModelWindow[],
  from: number,
  to: number,
): (at: number) => boolean {
  const spans = windows.map((window) => ({
    kind: window.kind,
    duration: window.duration,
    starts: startsOf(window, from, to),
  }));
  return (at) => {
    const covering = spans.filter(({ starts, duration }) =>
      starts.some((start) => start <= at && at < start + duration),
    );
    if (covering.some(({ kind }) => kind === 'deny')) return false;
    return spans.every(({ kind }) => kind === 'deny') || covering.length > 0;
  };
}

function startsOf(window: ModelWindow, from: number, to: number): readonly number[] {
  const begin = Math.floor((from - window.duration) / day) * day - 3 * day;
  const clock = clockOf(window.timezone, begin, to + 3 * day);
  const starts: number[] = [];
  for (let at = begin + day; at < to + 2 * day; at += day) {
    if (!isDay(window.schedule, new Date(at))) continue;
    for (const hour of window.schedule.hours) {
      for (const minute of window.schedule.minutes) {
        starts.push(find(clock, at + (hour * 60 + minute) * 60_000));
      }
    }
  }
  return starts;
}

function isDay({ days, weekdays }: Schedule, date: Date): boolean {
  const fits = [days?.includes(date.getUTCDate()), weekdays?.includes(date.getUTCDay())];
  const named = fits.filter((one) => one !== undefined);
  return named.length === 0 || named.includes(true);
}

interface Tick {
  readonly at: number;
  /** What the wall shows, as if it were UTC. */
  readonly wall: number;
}

function clockOf(timeZone: string, from: number, to: number): readonly Tick[] {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  const ticks: Tick[] = [];
  for (let at = from; at < to; at += quarter) {
    ticks.push({ at, wall: Date.parse(`${format.format(at).replace(' ', 'T')}Z`) });
  }
  return ticks;
}

/** The first time that the wall shows it; where it never does, by the last tick before the gap. */
function find(clock: readonly Tick[], wall: number): number {
  const shown = clock.find((tick) => tick.wall <= wall && wall < tick.wall + quarter);
  const before = shown ?? clock.findLast((tick) => tick.wall <= wall)!;
  return before.at + wall - before.wall;
}
