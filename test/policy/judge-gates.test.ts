import { expect, test } from 'vitest';
import type { GateFacts } from '../../src/policy/facts.ts';
import { firstClosed } from '../../src/policy/gate.ts';
import { isRefusal, judgeGates, reasonOfGate } from '../../src/policy/judge-gates.ts';
import { factsOf, hour, now, sha, standing } from './samples.ts';

const auto = { auto: true };
const rollback = { operation: 'rollback', isRollback: true } as const;
const toStaged = { operation: 'switch', isStaged: true } as const;
const quarantined = [{ sha, deployment: 7, why: 'verify failed' }];
const breaking = { ...factsOf().plan!, breaking: ['remove Layer/parcels'] };
const approved = [{ person: 1, at: now }];
const freeze = 'freezes: [{ from: 2026-12-20, to: 2027-01-03, timezone: Europe/Berlin }]';
const window = 'windows: [{ kind: allow, schedule: "0 9 * * 1-5", duration: 8h }]';
const manual = window.replace('8h', '8h, manual: true');
const twice = 'require: { approvals: 2 }';
const asked = 'require: { external: [{ name: cab, url: "https://cab.example.org" }] }';
const from = 'require: { from: staging }';

/** The first gate that closes and its reason; `open` where none does. */
function answer(facts: Parameters<typeof factsOf>[0]): string {
  const closed = firstClosed(judgeGates(factsOf(facts)));
  return closed ? `${closed.name} ${closed.reason}` : 'open';
}

test.each<[string, Parameters<typeof factsOf>[0], string]>([
  ['nothing speaks against it', {}, 'open'],
  ['auto to a manual environment', { request: auto }, 'sync sync_manual'],
  ['auto to an auto environment', { policy: 'sync: auto', request: auto }, 'open'],
  ['healing in a manual one', { request: { ...auto, isHealing: true } }, 'open'],
  ['locked', { environment: { lock: standing() } }, 'lock locked'],
  ['a rollback, locked', { environment: { lock: standing() }, request: rollback }, 'lock locked'],
  ['a lock that ends now', { environment: { lock: standing(now) } }, 'open'],
  ['a lock that ends later', { environment: { lock: standing(now + 1) } }, 'lock locked'],
  ['a person, paused', { environment: { pause: standing() } }, 'open'],
  [
    'auto, paused',
    { policy: 'sync: auto', request: auto, environment: { pause: standing(now + hour) } },
    'pause paused',
  ],
  [
    'a held host, for itself',
    { host: 'a', environment: { held: [{ host: 'a', since: 1 }] } },
    'held held',
  ],
  [
    'a held host, for another',
    { host: 'b', environment: { held: [{ host: 'a', since: 1 }] } },
    'open',
  ],
  [
    'a held host, for whoever asks',
    { environment: { held: [{ host: 'a', since: 1 }] } },
    'held held',
  ],
  ['quarantined', { environment: { quarantined } }, 'quarantine quarantined'],
  ['what is staged, with approvals', { policy: twice, request: toStaged }, 'open'],
  ['what is staged, breaking', { plan: breaking, request: toStaged }, 'open'],
  ['what is staged, frozen', { policy: freeze, request: toStaged }, 'freezes frozen'],
  [
    'what is staged, locked',
    { environment: { lock: standing() }, request: toStaged },
    'lock locked',
  ],
  [
    'what is staged and quarantined since',
    { environment: { quarantined }, request: toStaged },
    'quarantine quarantined',
  ],
  [
    'another commit is quarantined',
    { environment: { quarantined }, request: { sha: 'd'.repeat(40) } },
    'open',
  ],
  [
    'quarantined, a person insists',
    { environment: { quarantined }, request: { flags: { 'force-quarantined': true } } },
    'open',
  ],
  [
    'quarantined, a machine insists',
    {
      policy: 'sync: auto',
      environment: { quarantined },
      request: { ...auto, flags: { 'force-quarantined': true } },
    },
    'quarantine quarantined',
  ],
  ['not yet in staging', { policy: from, completedBefore: false }, 'from not_completed_there'],
  ['nobody knows of staging', { policy: from }, 'from unknown_there'],
  ['completed in staging', { policy: from, completedBefore: true }, 'open'],
  ['outside of its windows', { policy: window }, 'windows window_closed'],
  ['in a window', { policy: window, at: Date.parse('2026-12-24T09:00Z') }, 'open'],
  ['outside, a person, manual', { policy: manual }, 'open'],
  [
    'outside, a machine, manual',
    { policy: `sync: auto, ${manual}`, request: auto },
    'windows window_closed',
  ],
  ['frozen', { policy: freeze }, 'freezes frozen'],
  ['the freeze begins', { policy: freeze, at: Date.parse('2026-12-19T23:00Z') }, 'freezes frozen'],
  ['just before it', { policy: freeze, at: Date.parse('2026-12-19T23:00Z') - 1 }, 'open'],
  ['the freeze is over', { policy: freeze, at: Date.parse('2027-01-02T23:00Z') }, 'open'],
  ['no answer from outside', { policy: asked }, 'external external_silent'],
  [
    'no from outside',
    { policy: asked, external: { cab: { open: false, message: 'change is not signed off' } } },
    'external external_closed',
  ],
  ['yes from outside', { policy: asked, external: { cab: { open: true, message: '' } } }, 'open'],
  ['a breaking change', { plan: breaking }, 'breaking breaking_change'],
  ['a breaking change, approved', { plan: breaking, approvals: approved }, 'open'],
  ['no plan yet', { plan: null }, 'open'],
  ['one of two approvals', { policy: twice, approvals: approved }, 'approvals awaiting_approval'],
  [
    'one person twice',
    { policy: twice, approvals: [...approved, { person: 1, at: now + 1 }] },
    'approvals awaiting_approval',
  ],
  ['two people', { policy: twice, approvals: [...approved, { person: 2, at: now }] }, 'open'],
])('%s', (_, facts, expected) => {
  expect(answer(facts)).toBe(expected);
});

const everything = `${freeze}, ${window}, require: { from: staging, approvals: 2 }`;

test('a rollback to what completed here passes all that guards new changes', () => {
  const facts = { policy: everything, environment: { quarantined }, plan: breaking };
  expect(answer({ ...facts, request: rollback })).toBe('open');
  expect(answer(facts)).toBe('quarantine quarantined');
});

test('all gates are told, in one order', () => {
  const names = judgeGates(factsOf({ policy: everything })).map(({ name }) => name);
  expect(names).toEqual(
    'sync lock pause pull-hold held quarantine from breaking approvals wait-timer windows freezes external'.split(
      ' ',
    ),
  );
});

test.each(['plan', 'lock', 'unlock', 'pause', 'resume', 'release-quarantine'] as const)(
  '%s changes no target and meets no gate',
  (operation) => {
    expect(judgeGates(factsOf({ request: { operation, auto: true } }))).toEqual([]);
  },
);

function closed(facts: Parameters<typeof factsOf>[0]) {
  return firstClosed(judgeGates(factsOf(facts) satisfies GateFacts))!;
}

test.each<[Parameters<typeof factsOf>[0], string, boolean]>([
  [{ request: auto }, 'gate_closed', true],
  [{ environment: { quarantined } }, 'quarantined', true],
  [{ environment: { lock: standing() } }, 'locked', false],
  [{ policy: from }, 'gate_closed', false],
  [{ policy: asked }, 'gate_closed', false],
  [{ policy: freeze }, 'frozen', false],
  [{ policy: window }, 'window_closed', false],
  [{ plan: breaking }, 'breaking_change', false],
  [{ policy: twice }, 'awaiting_approval', false],
])('%j is recorded as %s; ends it: %s', (facts, reason, refusal) => {
  const gate = closed(facts);
  expect(reasonOfGate(gate)).toBe(reason);
  expect(isRefusal(gate)).toBe(refusal);
});

test.each([
  [
    ['Layer/a (type becomes text, was integer)'],
    '1 breaking change: Layer/a (type becomes text, was integer)',
  ],
  [['remove A', 'remove B'], '2 breaking changes: remove A; remove B'],
  [['A', 'B', 'C', 'D', 'E'], '5 breaking changes: A; B; C and 2 more'],
])('%j is told as %s', (changes, message) => {
  expect(closed({ plan: { ...breaking, breaking: changes } }).message).toBe(message);
});

test('an open gate gives no reason and refuses nothing', () => {
  for (const gate of judgeGates(factsOf())) {
    expect([reasonOfGate(gate), isRefusal(gate)]).toEqual(['none', false]);
  }
});

test('what opens by itself says when, in the timezone of what closed it', () => {
  expect(closed({ policy: freeze })).toMatchObject({
    opensAt: Date.parse('2027-01-03T00:00+01:00'),
    timezone: 'Europe/Berlin',
    message: 'production is frozen until 2027-01-03T00:00:00+01:00',
  });
  expect(closed({ policy: window }).opensAt).toBe(Date.parse('2026-12-25T09:00Z'));
  expect(closed({ environment: { lock: standing(now + hour) } }).opensAt).toBe(now + hour);
  expect(closed({ environment: { lock: standing() } })).not.toHaveProperty('opensAt');
});

test('freezes that touch end with the last one', () => {
  const next = freeze.replace(']', ', { from: 2027-01-02T23:00, to: 2027-01-05, reason: audit }]');
  expect(closed({ policy: next })).toMatchObject({
    opensAt: Date.parse('2027-01-05T00:00Z'),
    message: expect.stringContaining('audit'),
  });
});

test('says how to go on, and which approvals count no more', () => {
  expect(closed({ environment: { quarantined } }).hint).toContain(
    `/deploy production @${sha} --force-quarantined`,
  );
  const gate = closed({ policy: twice, approvals: approved, voidApprovals: 1 });
  expect(gate.message).toBe(
    '1 of 2 people approved this plan; 1 approval of an earlier plan is void, since the plan has changed',
  );
  expect(gate.hint).toContain('/approve production');
  const broken = closed({ plan: breaking, voidApprovals: 2 });
  expect(broken.message).toContain('2 approvals of an earlier plan are void');
});
