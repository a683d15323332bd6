import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jittered, pauseAfter } from '../../src/agent/backoff.ts';
import { SallyportError } from '../../src/model/errors.ts';

const pace = { intervalMs: 10_000, maxMs: 300_000 };

test('a poll comes at most a tenth sooner or later than its interval', () => {
  expect([jittered(10_000, 0), jittered(10_000, 0.5), jittered(10_000, 1)]).toEqual([
    9_000, 10_000, 11_000,
  ]);
});

test('pauses double with every error, up to the longest', () => {
  const pauses = [1, 2, 3, 4, 5, 6, 7, 80].map((n) => pauseAfter(n, new Error('x'), pace, 0.5));
  expect(pauses).toEqual([10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000]);
});

test('a pause is never shorter than what the other side asked for', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.nat(3_660_000), (failures, retryAfterMs) => {
      const error = new SallyportError({ code: 'rate_limited', message: 'wait', retryAfterMs });
      expect(pauseAfter(failures, error, pace, 0)).toBeGreaterThanOrEqual(retryAfterMs);
    }),
  );
});

test('an odd answer puts nobody to sleep for days', () => {
  const error = new SallyportError({ code: 'odd', message: 'wait', retryAfterMs: 1e12 });
  expect(pauseAfter(1, error, pace, 0)).toBe(3_660_000);
});
