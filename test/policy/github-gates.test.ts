import { expect, test } from 'vitest';
import { approvalsWanted, judgeApprovals } from '../../src/policy/approvals.ts';
import { judgeGithubRefs, type GithubReviewer } from '../../src/policy/github-rules.ts';
import { judgeMay, keptTo } from '../../src/policy/may.ts';
import { matchesAnyName } from '../../src/policy/name-pattern.ts';
import { judgeReviewer } from '../../src/policy/reviewers.ts';
import { judgeWaitTimer } from '../../src/policy/wait-timer.ts';
import { factsOf, hour, now } from './samples.ts';

const iso = (at: number) => new Date(at).toISOString();

test.each([
  ['there is none', {}, {}, 'no_timer', undefined],
  ['it runs', { 'not-before': iso(now + hour) }, {}, 'wait_timer', now + hour],
  ['it is over', { 'not-before': iso(now) }, {}, 'over', undefined],
  [
    'it runs, for a rollback',
    { 'not-before': iso(now + hour) },
    { isRollback: true },
    'accepted_before',
    undefined,
  ],
  ['nobody can read it', { 'not-before': 'soon' }, {}, 'wait_timer', undefined],
])('wait timer: %s', (_name, flags, request, reason, opensAt) => {
  const decision = judgeWaitTimer(factsOf({ request: { flags, ...request } }));
  expect(decision).toMatchObject({ reason, open: reason !== 'wait_timer' });
  expect(decision.opensAt).toBe(opensAt);
});

test.each([
  [0, undefined, 0],
  [0, '1', 1],
  [2, '1', 2],
  [1, '3', 3],
  [0, 'many', 1],
  [0, true, 1],
] as const)('the policy wants %s approvals and the job %s: %s', (approvals, flag, wanted) => {
  const { policy } = factsOf({ policy: `require: { approvals: ${approvals} }` });
  expect(approvalsWanted(policy, flag === undefined ? {} : { approvals: flag })).toBe(wanted);
});

test("what GitHub's reviewers are asked for keeps a job waiting, whatever the policy says", () => {
  const facts = factsOf({ request: { flags: { approvals: '1' } } });
  expect(judgeApprovals(facts)).toMatchObject({ open: false, reason: 'awaiting_approval' });
  expect(judgeApprovals({ ...facts, approvals: [{ person: 6, at: now }] }).open).toBe(true);
});

test.each([
  ['main', 'main', true],
  ['main', 'maint', false],
  ['release/*', 'release/1', true],
  ['release/*', 'release/1/2', false],
  ['release/*/*', 'release/1/2', true],
  ['*', 'a/b', false],
  ['**/fix', 'a/b/fix', true],
  ['**/fix', 'fix', true],
  ['v?', 'v1', true],
  ['v?', 'v12', false],
  ['v[0-9]', 'v7', true],
  ['v[!0-9]', 'v7', false],
  ['v[^0-9]', 'vx', true],
  ['v[9-0]', 'v9', false],
  ['a.c', 'abc', false],
  ['\\*', '*', true],
  ['(a|b)+', 'a', false],
])('the pattern %s, the name %s: %s', (pattern, name, fits) => {
  expect(matchesAnyName([pattern], name)).toBe(fits);
});

const refs = { branches: ['main', 'release/*'], tags: ['v*'] };

test.each([
  ['a branch', [{ kind: 'branch', name: 'release/1' }], true],
  ['a tag', [{ kind: 'tag', name: 'v1' }], true],
  ['a tag of a branch’s name', [{ kind: 'tag', name: 'main' }], false],
  [
    'one of two',
    [
      { kind: 'branch', name: 'x' },
      { kind: 'branch', name: 'main' },
    ],
    true,
  ],
  ['nothing', [], false],
] as const)("GitHub's branch and tag policies: %s", (_name, places, open) => {
  const decision = judgeGithubRefs('production', refs, places);
  expect(decision.open).toBe(open);
  if (!open) expect(decision.message).toContain('branch main, branch release/*, tag v*');
});

const reviewers: readonly GithubReviewer[] = [
  { kind: 'user', id: 6, login: 'ada' },
  { kind: 'team', organization: 'acme', slug: 'ops' },
];
const ada = { id: 6, login: 'ada' };
const eve = { id: 7, login: 'eve' };

test.each([
  ['a reviewer', ada, [], false, 'is_reviewer'],
  ['a member of a team', eve, ['@acme/ops'], false, 'is_reviewer'],
  ['somebody else', eve, [], false, 'not_reviewer'],
  ['a reviewer of their own', ada, [], true, 'self_review'],
])('required reviewers: %s', (_name, person, teamsOf, preventSelfReview, reason) => {
  const facts = { person, teamsOf, actor: { id: 6 } };
  const decision = judgeReviewer({ reviewers, preventSelfReview }, facts);
  expect(decision).toMatchObject({ reason, open: reason === 'is_reviewer' });
});

test.each([
  ['deploy', ['@Mona'], [], true],
  ['deploy', ['@acme/ops'], ['@acme/ops'], true],
  ['deploy', ['@acme/ops', 'ada'], [], false],
] as const)('/%s is kept to %s: %s', (command, kept, teamsOf, open) => {
  const person = { login: 'mona', teamsOf };
  const decision = judgeMay({ command, environment: 'production', person, kept });
  expect(decision.open).toBe(open);
  if (!open) expect(decision.message).toContain('@acme/ops, ada');
});

test('who may promote is who may deploy, where nothing else is said', () => {
  expect(keptTo({ deploy: ['ada'] }, 'promote')).toEqual(['ada']);
  expect(keptTo({ deploy: ['ada'], promote: ['eve'] }, 'promote')).toEqual(['eve']);
  expect(keptTo({ deploy: ['ada'] }, 'lock')).toBeNull();
});
