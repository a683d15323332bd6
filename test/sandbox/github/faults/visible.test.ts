import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededChance } from '../../../../src/sandbox/github/faults/chance.ts';
import type { Unkindness } from '../../../../src/sandbox/github/faults/unkindness.ts';
import { kind, unkind } from '../../../../src/sandbox/github/faults/unkindness.ts';
import { visibleEntries } from '../../../../src/sandbox/github/faults/visible.ts';

const list = Array.from({ length: 20 }, (_, at) => ({ id: at + 1, createdAt: at * 500 })).reverse();

/** Ids that each of a row of reads sees, one read every 100 ms from when the newest was made. */
function readsOf(unkindness: Unkindness, seed: number): readonly (readonly number[])[] {
  const chance = seededChance(seed);
  return Array.from({ length: 60 }, (_, at) => {
    const read = { template: '/deployments', sequence: at + 1, now: 9_500 + at * 100 };
    return visibleEntries(unkindness, chance, read, list).map(({ id }) => id);
  });
}

const all = list.map(({ id }) => id);
const seeds = Array.from({ length: 20 }, (_, seed) => seed);

test('a kind stand-in shows everything', () => {
  expect(readsOf(kind, 1).every((ids) => ids.length === all.length)).toBe(true);
});

test('the same seed hides the same entries', () => {
  expect(readsOf(unkind, 7)).toEqual(readsOf(unkind, 7));
  expect(readsOf(unkind, 7)).not.toEqual(readsOf(unkind, 8));
});

test('a lower id appears after a higher one', () => {
  const { lateEntry } = unkind;
  const gaps = seeds
    .flatMap((seed) => readsOf({ lateEntry: lateEntry! }, seed))
    .filter(([newest, ...rest]) => newest === 20 && rest.length < 19);
  expect(gaps).not.toEqual([]);
});

test('entries that were seen are gone again in a stale read', () => {
  const { staleRead } = unkind;
  const vanished = seeds
    .map((seed) => readsOf({ staleRead: staleRead! }, seed))
    .filter((reads) => reads.some((ids, at) => at > 0 && ids.length < reads[at - 1]!.length));
  expect(vanished).not.toEqual([]);
});

describe('for any seed', () => {
  test('what is visible keeps its order', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) =>
        readsOf(unkind, seed).every((ids) => ids.every((id, at) => at === 0 || id < ids[at - 1]!)),
      ),
      { numRuns: 30 },
    );
  });

  test('once all delays are over, everything is visible', () => {
    const read = { template: '/deployments', sequence: 1, now: 9_500 + 3_000 };
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const seen = visibleEntries(unkind, seededChance(seed), read, list);
        return seen.length === all.length;
      }),
    );
  });
});

test('entries without a time are never hidden', () => {
  const read = { template: '/installations', sequence: 1, now: 0 };
  const timeless: Unkindness = {
    lateEntry: { rate: 1, longestMs: 9 },
    staleRead: { rate: 1, longestMs: 9 },
  };
  expect(visibleEntries(timeless, seededChance(1), read, [{ id: 4 }])).toEqual([{ id: 4 }]);
});
