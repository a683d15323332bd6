import fc from 'fast-check';
import { expect, test } from 'vitest';
import { windowsAt } from '../../../src/policy/windows/windows-at.ts';
import { lineOf, modelOf, type ModelWindow } from './reference-model.ts';

const minute = 60_000;
const hour = 60 * minute;

/** Timezones with an instant near which their clocks do something. */
const places = [
  ['UTC', '2026-02-28T12:00Z'],
  ['Europe/Berlin', '2026-03-29T01:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00Z'],
  ['America/New_York', '2026-11-01T06:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30Z'],
  ['Pacific/Apia', '2011-12-30T10:00Z'],
  ['Pacific/Chatham', '2026-09-26T14:00Z'],
  ['Africa/Casablanca', '2026-02-15T02:00Z'],
  ['Africa/Casablanca', '2026-03-22T02:00Z'],
  ['Antarctica/Troll', '2026-03-29T01:00Z'],
  ['America/Havana', '2026-03-08T05:00Z'],
  ['Asia/Kathmandu', '2026-07-01T00:00Z'],
] as const;

const some = (least: number, most: number, maxLength: number) =>
  fc.uniqueArray(fc.integer({ min: least, max: most }), { minLength: 1, maxLength });

const schedule = fc.record({
  minutes: some(0, 59, 2),
  hours: some(0, 23, 3),
  days: fc.option(some(1, 31, 15), { freq: 1 }),
  weekdays: fc.option(some(0, 6, 4), { freq: 1 }),
});

const scene = fc.constantFrom(...places).chain(([zone, near]) =>
  fc.record({
    from: fc
      .integer({ min: -96, max: 48 })
      .map((quarters) => Date.parse(near) + (quarters * hour) / 4),
    windows: fc.array(
      fc.record<ModelWindow>({
        kind: fc.constantFrom('allow', 'deny'),
        schedule,
        duration: fc.integer({ min: 1, max: 3_000 }).map((minutes) => minutes * minute),
        timezone: fc.constantFrom(zone, zone, 'UTC'),
        manual: fc.boolean(),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  }),
);

const span = 30 * hour;
const numRuns = process.env['SALLYPORT_LONG'] === '1' ? 500 : 40;
const real = (windows: readonly ModelWindow[]) =>
  windows.map((window) => ({ ...window, schedule: lineOf(window.schedule) }));

test('agrees with a model that tries everything', () => {
  fc.assert(
    fc.property(scene, ({ from, windows }) => {
      const model = modelOf(windows, from, from + span);
      const tested = real(windows);
      for (let at = from; at < from + span; at += 45 * minute) {
        expect([at, windowsAt(tested, at).open]).toEqual([at, model(at)]);
      }
    }),
    { numRuns },
  );
}, 60_000);

test('what is announced is the first change: it holds at that instant and not before', () => {
  fc.assert(
    fc.property(scene, ({ from, windows }) => {
      const model = modelOf(windows, from, from + span);
      const tested = real(windows);
      const answer = windowsAt(tested, from);
      const change = answer.open ? answer.closesAt : answer.opensAt;
      if (change !== null) {
        expect(change).toBeGreaterThan(from);
        expect(windowsAt(tested, change).open).toBe(!answer.open);
        expect(windowsAt(tested, change - 1).open).toBe(answer.open);
      }
      const until = Math.min(change ?? Infinity, from + span);
      for (let at = from; at < until; at += 20 * minute) expect(model(at)).toBe(answer.open);
    }),
    { numRuns },
  );
}, 60_000);

test('no instant is both open and closed', () => {
  fc.assert(
    fc.property(scene, ({ from, windows }) => {
      const { open, reason, opensAt, closesAt, manual } = windowsAt(real(windows), from);
      expect(reason === 'in_window').toBe(open);
      if (open) expect([opensAt, manual]).toEqual([null, false]);
      else expect(closesAt).toBeNull();
    }),
  );
});
