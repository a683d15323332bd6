import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SlotCounters } from '../../../src/ports/proxy.ts';
import {
  countsText,
  judgeCounts,
  noCounts,
  startTally,
  tallyOf,
} from '../../../src/targets/service/judge-counts.ts';

const rule = { errors: 0.05, latency: 100, requests: 20 };
const counts = (requests: number, errors: number, durationMs: number | null = 0): SlotCounters => ({
  requests,
  errors,
  durationMs,
});

test.each([
  ['nothing was asked', counts(0, 0), 'unknown'],
  ['too few, though all failed', counts(19, 19), 'unknown'],
  ['enough, all well', counts(20, 0), 'good'],
  ['as many errors as are allowed', counts(100, 5), 'good'],
  ['one more', counts(100, 6), 'bad'],
  ['as slow as is allowed', counts(20, 0, 2000), 'good'],
  ['slower', counts(20, 0, 2001), 'bad'],
  ['nobody knows how slow', counts(20, 0, null), 'good'],
])('counts: %s', (_case, total, kind) => {
  expect(judgeCounts(rule, total).kind).toBe(kind);
});

test('without a limit any time will do, and without errors allowed one is too many', () => {
  expect(judgeCounts({ errors: 0.05, requests: 1 }, counts(1, 0, 1e9)).kind).toBe('good');
  expect(judgeCounts({ errors: 0, requests: 1 }, counts(1000, 1)).kind).toBe('bad');
});

test('a verdict says what was counted and what was allowed', () => {
  expect(judgeCounts(rule, counts(100, 6))).toEqual({
    kind: 'bad',
    why: '6 of 100 requests failed, more than 5%',
  });
  expect(judgeCounts(rule, counts(20, 0, 5000))).toEqual({
    kind: 'bad',
    why: 'an answer took 250 ms, more than 100 ms',
  });
  expect(countsText(counts(20, 1, 5000))).toBe('20 requests, 1 failed, 250 ms each');
  expect(countsText(counts(20, 1, null))).toBe('20 requests, 1 failed');
});

test.each([
  ['only what came since', counts(100, 50, 100), [counts(110, 50, 120)], counts(10, 0, 20)],
  ['step by step', counts(1, 1, 1), [counts(2, 1, 3), counts(5, 2, 9)], counts(4, 1, 8)],
  ['all since the proxy began anew', counts(100, 50, 9), [counts(7, 1, 3)], counts(7, 1, 3)],
  [
    'before and after it began anew',
    counts(100, 0, 0),
    [counts(110, 1, 5), counts(3, 1, 2)],
    counts(13, 2, 7),
  ],
  ['nothing while nobody counts', null, [null, null], noCounts],
  ['from the first word on', null, [counts(100, 9, 9), counts(101, 9, 9)], counts(1, 0, 0)],
  ['a proxy that is away for a moment', counts(1, 0, 0), [null, counts(4, 1, 6)], counts(3, 1, 6)],
  ['no time once it was not measured', counts(1, 0, null), [counts(4, 1, 6)], counts(3, 1, null)],
])('a tally has %s', (_case, began, heard, total) => {
  expect(heard.reduce(tallyOf, startTally(began)).total).toEqual(total);
});

const step = fc.record({
  requests: fc.nat(50),
  failing: fc.double({ min: 0, max: 1, noNaN: true }),
  ms: fc.nat(500),
  restarts: fc.boolean(),
  isAway: fc.boolean(),
});

test('whatever the proxy goes through, a tally never has more than there was, and errors never exceed requests', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let shown = counts(0, 0, 0);
      const real = { requests: 0, errors: 0 };
      let tally = startTally(shown);
      for (const { requests, failing, ms, restarts, isAway } of steps) {
        const from = restarts ? counts(0, 0, 0) : shown;
        const errors = Math.floor(requests * failing);
        real.requests += requests;
        real.errors += errors;
        shown = counts(from.requests + requests, from.errors + errors, from.durationMs! + ms);
        tally = tallyOf(tally, isAway ? null : shown);
        expect(tally.total.requests).toBeLessThanOrEqual(real.requests);
        expect(tally.total.errors).toBeLessThanOrEqual(real.errors);
        expect(tally.total.requests).toBeGreaterThanOrEqual(0);
        expect(tally.total.errors).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});

test('where the proxy counts on, a tally misses nothing', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), counted(), (steps, began) => {
      let shown = began;
      let tally = startTally(began);
      for (const { requests, failing, ms } of steps) {
        const errors = Math.floor(requests * failing);
        shown = counts(shown.requests + requests, shown.errors + errors, shown.durationMs! + ms);
        tally = tallyOf(tally, shown);
      }
      expect(tally.total).toEqual(
        counts(
          shown.requests - began.requests,
          shown.errors - began.errors,
          shown.durationMs! - began.durationMs!,
        ),
      );
    }),
  );
});

test('more errors never make a verdict better', () => {
  const rank = { unknown: 0, good: 0, bad: 1 };
  fc.assert(
    fc.property(fc.nat(200), fc.nat(200), fc.nat(200), (requests, some, more) => {
      const [few, many] = [Math.min(some, requests), Math.min(some + more, requests)];
      expect(rank[judgeCounts(rule, counts(requests, many)).kind]).toBeGreaterThanOrEqual(
        rank[judgeCounts(rule, counts(requests, few)).kind],
      );
    }),
  );
});

function counted() {
  return fc.nat(1000).map((requests) => counts(requests, Math.floor(requests / 3), requests * 2));
}
