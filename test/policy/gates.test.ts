import { expect, test } from 'vitest';
import { judgeFork } from '../../src/policy/fork.ts';
import { judgeForward } from '../../src/policy/forward.ts';
import { closedGate, firstClosed, openGate } from '../../src/policy/gate.ts';
import { judgeHeadFixed } from '../../src/policy/head-fixed.ts';
import { judgePermission, permissions } from '../../src/policy/permission.ts';
import { admittedRefs, judgeReachable } from '../../src/policy/refs.ts';

const sha = 'c'.repeat(40);

test.each([
  ['none', false],
  ['read', false],
  ['triage', false],
  ['write', true],
  ['maintain', true],
  ['admin', true],
] as const)('%s permission: open %s', (held, open) => {
  expect(judgePermission('mona', held).open).toBe(open);
});

test('every permission is in the table above', () => {
  expect(permissions).toHaveLength(6);
});

test.each([
  ['from this repository', 7, false, [], 'own_repository'],
  ['from a fork', 8, false, ['review/3'], 'from_fork'],
  ['from a deleted fork', null, false, [], 'from_fork'],
  ['from a fork where forks are admitted', 8, true, [], 'fork_not_brought_in'],
  ['from a fork, and a branch here has it', 8, true, ['review/3'], 'brought_in'],
])('a pull request %s', (_name, from, admitted, broughtInto, reason) => {
  const facts = { environment: 'production', pull: 3, sha, base: 7, admitted, broughtInto };
  const decision = judgeFork({ ...facts, head: from });
  expect(decision).toMatchObject({
    reason,
    open: reason === 'own_repository' || reason === 'brought_in',
  });
  if (reason === 'fork_not_brought_in') {
    expect(decision.hint).toContain(`git push origin ${sha}:refs/heads/review/3`);
  }
});

const commentedAt = Date.parse('2026-05-01T12:00:10Z');

test.each([
  ['a second before the comment', { after: sha, at: commentedAt - 1000 }, 'fixed'],
  ['within the same second', { after: sha, at: commentedAt }, 'pushed_after_comment'],
  ['after the comment', { after: sha, at: commentedAt + 60_000 }, 'pushed_after_comment'],
  ['as another commit', { after: 'd'.repeat(40), at: commentedAt - 9000 }, 'head_moving'],
  ['at a time that is not known', null, 'push_time_unknown'],
])('the head was pushed %s', (_name, push, reason) => {
  const decision = judgeHeadFixed({ environment: 'production', head: sha, push, commentedAt });
  expect(decision).toMatchObject({ reason, open: reason === 'fixed' });
  if (!decision.open) expect(decision.hint).toContain(`/deploy production @${sha}`);
});

test('a comment within the second of the push is unsafe, whatever its milliseconds', () => {
  const push = { after: sha, at: commentedAt };
  const facts = { environment: 'production', head: sha, push, commentedAt: commentedAt + 999 };
  expect(judgeHeadFixed(facts).open).toBe(false);
});

test('without `require.refs`: the default branch, tags, and the pull request itself', () => {
  expect(admittedRefs(undefined, 'trunk')).toEqual({
    branches: ['trunk'],
    tags: ['**'],
    pull: true,
  });
});

test('`pull` in `require.refs` is no branch', () => {
  expect(admittedRefs(['main', 'v*'], 'trunk').pull).toBe(false);
  expect(admittedRefs(['main', 'pull'], 'trunk')).toEqual({
    branches: ['main'],
    tags: ['main'],
    pull: true,
  });
});

test('a commit that is on no admitted ref is refused, and the refs are named', () => {
  const admitted = admittedRefs(['main', 'v*', 'pull'], 'main');
  const facts = { environment: 'production', sha, admitted };
  expect(judgeReachable({ ...facts, foundOn: 'branch main' }).open).toBe(true);
  expect(judgeReachable({ ...facts, foundOn: null })).toMatchObject({
    open: false,
    message: expect.stringContaining('main, v*, pull requests of this repository'),
  });
});

test.each([
  [null, true],
  ['ahead', true],
  ['identical', true],
  ['diverged', true],
  ['behind', false],
] as const)('what comes by itself and is %s: open %s', (relation, open) => {
  expect(judgeForward('staging', sha, relation).open).toBe(open);
});

test('the first closed gate is the one that is told', () => {
  const [a, b] = [closedGate('b', 'x', 'x'), closedGate('c', 'y', 'y')];
  expect(firstClosed([openGate('a', 'ok', 'ok'), a, b])).toBe(a);
  expect(firstClosed([])).toBeNull();
});
