import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instantOf, isTimezone, isoIn, offsetAt } from '../../src/model/timezone.ts';

const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
const instants = fc.integer({ min: Date.UTC(1980, 0), max: Date.UTC(2045, 0) });

test('tells the offset that Intl tells, in every timezone', () => {
  fc.assert(
    fc.property(zones, instants, (timeZone, at) => {
      const format = new Intl.DateTimeFormat('sv-SE', {
        timeZone,
        dateStyle: 'short',
        timeStyle: 'medium',
      });
      const wall = Date.parse(`${format.format(at).replace(' ', 'T')}Z`);
      expect(offsetAt(timeZone, at)).toBe(wall - Math.floor(at / 1000) * 1000);
    }),
    { numRuns: 300 },
  );
});

test('an instant that the wall shows once or for the first time is found by it', () => {
  fc.assert(
    fc.property(zones, instants, (zone, at) => {
      const wall = at + offsetAt(zone, at);
      const found = instantOf(zone, wall);
      expect(found).toBeLessThanOrEqual(at);
      expect(found + offsetAt(zone, found)).toBe(wall);
    }),
    { numRuns: 300 },
  );
});

test('finds the change to the millisecond', () => {
  const change = Date.parse('2026-03-29T01:00Z');
  expect(offsetAt('Europe/Berlin', change - 1)).toBe(3_600_000);
  expect(offsetAt('Europe/Berlin', change)).toBe(7_200_000);
});

test.each([
  ['Europe/Berlin', '2027-01-02T23:00Z', '2027-01-03T00:00:00+01:00'],
  ['UTC', '2026-12-24T18:00Z', '2026-12-24T18:00:00Z'],
  ['America/St_Johns', '2026-01-01T00:00Z', '2025-12-31T20:30:00-03:30'],
])('writes a time of %s', (zone, at, text) => {
  expect(isoIn(zone, Date.parse(at))).toBe(text);
});

test.each([
  ['Europe/Berlin', true],
  ['US/Hawaii', true],
  ['Etc/GMT+1', true],
  ['UTC', true],
  ['+01:00', false],
  ['Mars/Olympus', false],
  ['', false],
])('%j is a timezone: %s', (name, known) => {
  expect(isTimezone(name)).toBe(known);
});

test('an unknown timezone is an error', () => {
  expect(() => offsetAt('Mars/Olympus', 0)).toThrow(RangeError);
});
