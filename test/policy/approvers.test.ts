import { expect, test } from 'vitest';
import { judgeApprover } from '../../src/policy/approvers.ts';

const anyone = { approvers: [], author_may_approve: false };
const ops = { approvers: ['@acme/ops', 'Hubot', '@lena'], author_may_approve: false };
const actor = { id: 1, login: 'mona' };

/** Whether this person may approve what mona deploys and kim wrote. */
function reasonFor(
  require: typeof anyone | typeof ops,
  login: string,
  teamsOf?: readonly string[],
  id = 9,
) {
  const facts = { person: { id, login }, authors: ['Kim'], actor };
  return judgeApprover(require, teamsOf ? { ...facts, teamsOf } : facts).reason;
}

test.each([
  ['lena', undefined, 'anyone'],
  ['mona', undefined, 'is_author'],
  ['MONA', undefined, 'is_author'],
  ['kim', undefined, 'is_author'],
])('without approvers, %s: %s %s', (login, teams, reason) => {
  expect(reasonFor(anyone, login, teams)).toBe(reason);
});

test.each([
  ['hubot', undefined, 'is_approver'],
  ['lena', undefined, 'is_approver'],
  ['sam', ['@Acme/Ops'], 'is_approver'],
  ['sam', ['acme/ops'], 'is_approver'],
  ['sam', ['@acme/dev'], 'not_approver'],
  ['sam', undefined, 'not_approver'],
  ['kim', ['@acme/ops'], 'is_author'],
])('with approvers, %s of %j: %s', (login, teams, reason) => {
  expect(reasonFor(ops, login, teams)).toBe(reason);
});

test('a new name does not make another person of an author', () => {
  expect(reasonFor(anyone, 'mona-the-second', undefined, 1)).toBe('is_author');
});

test('authors may where the policy says so, if they are approvers', () => {
  expect(reasonFor({ ...anyone, author_may_approve: true }, 'mona')).toBe('anyone');
  expect(reasonFor({ ...ops, author_may_approve: true }, 'mona')).toBe('not_approver');
});
