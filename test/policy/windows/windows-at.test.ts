import { expect, test } from 'vitest';
import { windowsAt } from '../../../src/policy/windows/windows-at.ts';
import { hour, windowOf } from '../samples.ts';

const berlin = 'Europe/Berlin';
const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());

/** When the window that is open at an instant closes. */
function end(window: Parameters<typeof windowOf>[0], at: string): string | null {
  const answer = windowsAt([windowOf(window)], Date.parse(at));
  expect(answer.open).toBe(true);
  return iso(answer.closesAt);
}

/** When a closed window opens next. */
function start(window: Parameters<typeof windowOf>[0], at: string): string | null {
  const answer = windowsAt([windowOf(window)], Date.parse(at));
  expect(answer.open).toBe(false);
  return iso(answer.opensAt);
}

test('without windows it is always open', () => {
  expect(windowsAt([], 0)).toEqual({
    open: true,
    reason: 'always',
    opensAt: null,
    closesAt: null,
    manual: false,
    timezone: null,
  });
});

test('hours are elapsed time: eight from Saturday 22:00 in Berlin, when the clocks change', () => {
  const night = { schedule: '0 22 * * sat', timezone: berlin };
  expect(end(night, '2026-03-28T21:00Z')).toBe('2026-03-29T05:00:00.000Z');
  expect(end(night, '2026-10-24T20:00Z')).toBe('2026-10-25T04:00:00.000Z');
});

test('a start that does not exist is read with the offset before the gap', () => {
  const gap = { schedule: '30 2 29 3 *', timezone: berlin, duration: hour };
  expect(start(gap, '2026-03-29T00:00Z')).toBe('2026-03-29T01:30:00.000Z');
});

test('a start that comes twice means the first', () => {
  const twice = { schedule: '30 2 25 10 *', timezone: berlin, duration: hour };
  expect(start(twice, '2026-10-25T00:00Z')).toBe('2026-10-25T00:30:00.000Z');
  expect(end(twice, '2026-10-25T00:30Z')).toBe('2026-10-25T01:30:00.000Z');
});

test('on the day that Samoa left out, a start comes a day later by the clock', () => {
  const left = { schedule: '0 10 30 12 *', timezone: 'Pacific/Apia', duration: hour };
  expect(start(left, '2011-12-30T00:00Z')).toBe('2011-12-30T20:00:00.000Z');
});

test('half an hour on Lord Howe', () => {
  const howe = { schedule: '15 2 4 10 *', timezone: 'Australia/Lord_Howe', duration: hour };
  expect(start(howe, '2026-10-03T00:00Z')).toBe('2026-10-03T15:45:00.000Z');
});

test('the start is open and the end is closed', () => {
  const nine = [windowOf({ schedule: '0 9 * * *' })];
  const open = (at: string, ms: number) => windowsAt(nine, Date.parse(at) + ms).open;
  expect([open('2026-05-01T09:00Z', -1), open('2026-05-01T09:00Z', 0)]).toEqual([false, true]);
  expect([open('2026-05-01T17:00Z', -1), open('2026-05-01T17:00Z', 0)]).toEqual([true, false]);
});

test.each([
  ['7 is Sunday', '0 9 * * 7', '2026-05-03T09:00:00.000Z'],
  ['so is 0', '0 9 * * 0', '2026-05-03T09:00:00.000Z'],
  ['a range to 7', '0 9 * * 6-7', '2026-05-02T09:00:00.000Z'],
  ['names', '0 9 * JUN mon', '2026-06-01T09:00:00.000Z'],
  ['steps', '0 9 */10 * *', '2026-05-11T09:00:00.000Z'],
  ['steps of a range', '10-59/20 18 * * *', '2026-05-01T18:10:00.000Z'],
  ['either day', '0 9 13 * fri', '2026-05-08T09:00:00.000Z'],
  ['both, where one begins with a star', '0 9 */2 * mon', '2026-05-11T09:00:00.000Z'],
  ['a leap day', '0 9 29 2 *', '2028-02-29T09:00:00.000Z'],
])('%s', (_, schedule, at) => {
  expect(start({ schedule }, '2026-05-01T17:30Z')).toBe(at);
});

test('deny wins, and what overlaps is one window', () => {
  const windows = [
    windowOf({ schedule: '0 9 * * *' }),
    windowOf({ schedule: '0 13 * * *' }),
    windowOf({ schedule: '0 12 * * *', kind: 'deny', duration: hour }),
  ];
  expect(iso(windowsAt(windows, Date.parse('2026-05-01T09:00Z')).closesAt)).toContain('T12:00');
  expect(windowsAt(windows, Date.parse('2026-05-01T12:00Z'))).toMatchObject({
    reason: 'denied',
    opensAt: Date.parse('2026-05-01T13:00Z'),
  });
  expect(iso(windowsAt(windows, Date.parse('2026-05-01T13:00Z')).closesAt)).toContain('T21:00');
});

test('a window that is longer than its period is always open', () => {
  const always = [windowOf({ schedule: '0 0 * * *', duration: 30 * hour })];
  expect(windowsAt(always, Date.now())).toMatchObject({ open: true, closesAt: null });
  expect(windowsAt([{ ...always[0]!, kind: 'deny' }], Date.now())).toMatchObject({
    open: false,
    opensAt: null,
  });
});

test('a year of duration is still seen at its end', () => {
  const year = { schedule: '0 0 1 1 *', duration: 360 * 24 * hour };
  expect(end(year, '2026-12-26T00:00Z')).toBe('2026-12-27T00:00:00.000Z');
});

test('people come through only where every window that closes says so', () => {
  const at = Date.parse('2026-05-01T20:00Z');
  const [yes, no] = [true, false].map((manual) => windowOf({ schedule: '0 9 * * *', manual }));
  const deny = windowOf({ schedule: '0 20 * * *', kind: 'deny' });
  expect(windowsAt([yes!], at).manual).toBe(true);
  expect(windowsAt([yes!, no!], at).manual).toBe(false);
  expect(windowsAt([yes!, deny], at).manual).toBe(false);
  expect(windowsAt([yes!, { ...deny, manual: true }], at).manual).toBe(true);
  expect(windowsAt([no!, { ...deny, manual: true }], at).manual).toBe(false);
});

test('a thousand answers take well under a second', () => {
  const windows = [
    windowOf({ schedule: '0 22 * * sat', timezone: berlin }),
    windowOf({ schedule: '0 0 1 * *', kind: 'deny', timezone: 'America/New_York' }),
  ];
  const begun = performance.now();
  for (let hours = 0; hours < 1_000; hours++) windowsAt(windows, Date.UTC(2026, 0) + hours * hour);
  expect(performance.now() - begun).toBeLessThan(1_000);
});
