import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextMove, plannedWord, standOf, type Stand } from '../../src/agent/next-move.ts';
import { shortDigest } from '../../src/deploy/record-codec.ts';
import { digestOf } from '../../src/model/digest.ts';
import { planOf } from '../../src/model/plan.ts';
import { closedGate, openGate } from '../../src/policy/gate.ts';

const wanted = digestOf('a tree');
const plan = planOf({ changes: [{ action: 'add', resource: 'File/a', breaking: false }], wanted });
const empty = planOf({ changes: [], wanted });
const open = openGate('lock', 'not_locked', '');
const locked = closedGate('lock', 'locked', 'locked by ada');
const asking = closedGate('approvals', 'awaiting_approval', '0 of 1');
const quarantined = closedGate('quarantine', 'quarantined', 'it failed here');
const silent = closedGate('external', 'external_silent', 'no answer');
const fresh: Stand = { state: 'waiting', reason: 'queued', attempt: 1, plan: null };
const planned: Stand = {
  state: 'planned',
  reason: 'awaiting_approval',
  attempt: 1,
  plan: shortDigest(plan.digest),
};

describe('what follows', () => {
  test.each([
    ['nothing is in the way', [open], plan, fresh, { kind: 'begin' }],
    ['there is nothing to change', [open], empty, fresh, { kind: 'end' }],
    ['there is nothing to approve', [open, asking], empty, fresh, { kind: 'end' }],
    ['there is nothing to change, and a lock', [locked], empty, fresh, { kind: 'wait' }],
    ['the commit is quarantined', [quarantined, asking], plan, fresh, { kind: 'refuse' }],
    [
      'it is locked',
      [locked, asking],
      plan,
      fresh,
      { kind: 'wait', say: { state: 'waiting', reason: 'locked', attempt: 2 } },
    ],
    [
      'that was said',
      [locked],
      plan,
      { ...fresh, reason: 'locked', attempt: 2 },
      { kind: 'wait', say: null },
    ],
    [
      'it is locked after it was planned',
      [locked],
      plan,
      planned,
      { kind: 'wait', say: { state: 'waiting', reason: 'locked', attempt: 2 } },
    ],
    [
      'nobody answers',
      [silent],
      plan,
      fresh,
      { kind: 'wait', say: { state: 'waiting', reason: 'gate_closed' } },
    ],
    [
      'people must approve',
      [open, asking],
      plan,
      fresh,
      { kind: 'wait', say: { state: 'planned', reason: 'awaiting_approval', attempt: 1 } },
    ],
    ['that was said with this plan', [asking], plan, planned, { kind: 'wait', say: null }],
    [
      'that was said with another plan',
      [asking],
      plan,
      { ...planned, plan: shortDigest(wanted) },
      { kind: 'wait', say: { state: 'planned', attempt: 2 } },
    ],
  ] as const)('when %s', (_when, gates, ofIt, stand, expected) => {
    expect(nextMove(gates, ofIt, stand)).toMatchObject(expected);
  });
});

test('whatever is said is never said again, and its attempt never falls', () => {
  const stands = fc.record({
    state: fc.constantFrom('waiting' as const, 'planned' as const),
    reason: fc.constantFrom('queued' as const, 'locked' as const, 'awaiting_approval' as const),
    attempt: fc.integer({ min: 1, max: 99 }),
    plan: fc.constantFrom(null, shortDigest(plan.digest), shortDigest(wanted)),
  });
  fc.assert(
    fc.property(stands, fc.constantFrom(locked, asking), (stand, gate) => {
      const move = nextMove([gate], plan, stand);
      if (move.kind !== 'wait' || !move.say) return;
      expect(move.say.attempt).toBeGreaterThanOrEqual(stand.attempt);
      const after = { ...move.say, plan: shortDigest(plan.digest) };
      expect(nextMove([gate], plan, after)).toMatchObject({ kind: 'wait', say: null });
    }),
  );
});

test('a plan is told once', () => {
  expect(plannedWord('none', plan.digest, fresh)).toEqual({
    state: 'planned',
    reason: 'none',
    attempt: 1,
  });
  expect(plannedWord('awaiting_approval', plan.digest, planned)).toBeNull();
});

test.each([
  ['nothing was said', { ...fresh, attempt: 3 }, null, 3],
  ['what was said shows', planned, { ...planned, attempt: 1 }, 1],
  ['more was said than shows', planned, { ...fresh, attempt: 2 }, 2],
  ['somebody else said more', { ...fresh, attempt: 4 }, { ...planned, attempt: 2 }, 4],
])('where it stands when %s', (_when, unit, said, attempt) => {
  expect(standOf(unit as never, said as never).attempt).toBe(attempt);
});
