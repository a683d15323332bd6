import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decideLease,
  giveUpAfterMs,
  readsNeeded,
  renewAfterMs,
  settleMs,
  type LeaseSituation,
} from '../../src/agent/decide-lease.ts';
import { graceMs, leaseMs } from '../../src/deploy/fold-lease.ts';

const t0 = Date.UTC(2026, 0, 1);
const mine: LeaseSituation = {
  lease: { holder: 'web-1', at: t0, predecessors: 0 },
  me: 'web-1',
  now: t0 + settleMs,
  shown: readsNeeded - 1,
  sinceSentMs: settleMs,
};
const theirs = { ...mine.lease, holder: 'web-2' };
const nobodys = { ...mine.lease, holder: null };

test.each<[string, Partial<LeaseSituation>, string]>([
  ['two reads showed a settled claim', {}, 'act'],
  ['one read showed it', { shown: 0 }, 'read-again'],
  ['the claim is fresh', { now: t0 + 1, sinceSentMs: 1 }, 'read-again'],
  ['nobody has it', { lease: nobodys, sinceSentMs: null }, 'claim'],
  ['our claim cannot be seen yet', { lease: nobodys, sinceSentMs: 100 }, 'read-again'],
  ['our claim never showed', { lease: nobodys, sinceSentMs: settleMs }, 'claim'],
  ['somebody else has it', { lease: theirs }, 'stand-back'],
  ['its time is over', { lease: theirs, now: t0 + leaseMs + 1 }, 'stand-back'],
  [
    'its grace is over',
    { lease: theirs, now: t0 + leaseMs + graceMs + 1, sinceSentMs: null },
    'claim',
  ],
  ['it is of an earlier life of ours', { sinceSentMs: null }, 'renew'],
  ['it grew old while it settled', { sinceSentMs: renewAfterMs }, 'renew'],
])('when %s', (_when, changes, expected) => {
  expect(decideLease({ ...mine, ...changes }).kind).toBe(expected);
});

const situations = fc.record({
  lease: fc.record({
    holder: fc.constantFrom('web-1', 'web-2', null),
    at: fc.integer({ min: t0, max: t0 + 300_000 }),
    predecessors: fc.nat(2),
  }),
  me: fc.constant('web-1'),
  now: fc.integer({ min: t0, max: t0 + 600_000 }),
  shown: fc.nat(2),
  sinceSentMs: fc.option(fc.nat(120_000)),
});

test('it acts only on a claim of its own that is settled, shown twice and fresh', () => {
  fc.assert(
    fc.property(situations, (situation) => {
      const { lease, me, now, shown, sinceSentMs } = situation;
      if (decideLease(situation).kind !== 'act') return;
      expect(lease.holder).toBe(me);
      expect(shown + 1).toBeGreaterThanOrEqual(readsNeeded);
      expect(sinceSentMs).toBeLessThan(renewAfterMs);
      expect(now - lease.at).toBeGreaterThanOrEqual(settleMs);
    }),
  );
});

test('it never claims what another may still hold', () => {
  fc.assert(
    fc.property(situations, (situation) => {
      const { lease, me, now } = situation;
      if (decideLease(situation).kind !== 'claim' || lease.holder === null) return;
      expect(lease.holder).not.toBe(me);
      expect(now).toBeGreaterThan(lease.at + leaseMs + graceMs);
    }),
  );
});

test('work that could not renew has ended long before another may begin', () => {
  expect(giveUpAfterMs).toBeLessThan(leaseMs);
  expect(renewAfterMs).toBeLessThan(giveUpAfterMs);
});
