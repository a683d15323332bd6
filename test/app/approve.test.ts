import { expect, test } from 'vitest';
import { handleDeploymentStatus } from '../../src/app/deployment-status.ts';
import { planCheckText } from '../../src/report/plan-check.ts';
import { modified, unitPlan } from '../report/sample-plans.ts';
import { head } from './memory-github.ts';
import { ada, eve, mona, peopleBench } from './people-bench.ts';

const pending = { deployment: 1, task: 'sallyport', state: 'pending' };
const otherPlan = unitPlan([modified], { name: 'web', kind: 'service' });

test('a deployment that awaits approval shows its plan and what to type', async () => {
  const bench = peopleBench();
  await bench.type('/deploy production', mona);
  await bench.planned(1);
  await handleDeploymentStatus(pending, bench.open);
  const { body } = bench.comments[0]!;
  expect(body).toContain('**awaiting-approval**');
  expect(body).toContain(`/approve production ${await bench.digits(1)}`);
  expect(body).toContain('0 of 1 person has approved plan');
  expect(body).toContain('+ Layer/parks');
});

test('somebody else approves the plan that was shown', async () => {
  const bench = peopleBench();
  await bench.type('/deploy production', mona);
  await bench.planned(1);
  const answer = await bench.type('/approve');
  expect(answer).toContain('is approved; it goes on');
  expect((await bench.view(1)).acts).toMatchObject([
    { state: 'approved', person: ada.id, words: expect.stringContaining('approved by ada') },
  ]);
  expect(bench.comments[0]!.body).toContain('1 of 1 person has approved');
});

test('two approvals are two people', async () => {
  const bench = peopleBench('{ approvals: 2 }');
  await bench.type('/deploy production', mona);
  await bench.planned(1);
  expect(await bench.type('/approve production')).toContain('1 more person has to approve it');
  expect(await bench.type('/approve production')).toContain('1 more person has to approve it');
  expect(await bench.type('/approve production', eve)).toContain('it goes on');
});

test.each([
  ['the pull request’s author, who typed it too', '{ approvals: 1 }', mona, 'is an author'],
  ['whoever pushed to it', '{ approvals: 1 }', { id: 8, login: 'lisa' }, 'is an author'],
  ['who is not named', '{ approvals: 1, approvers: [zoe] }', ada, 'is not an approver'],
  ['who is in no team', '{ approvals: 1, approvers: ["@acme/ops"] }', eve, 'is not an approver'],
])('%s may not approve', async (_name, require, author, words) => {
  const bench = peopleBench(require, (known) => {
    known.teams = { 'acme/ops': ['ada'] };
  });
  await bench.type('/deploy production', mona);
  await bench.planned(1);
  expect(await bench.type('/approve production', author)).toContain(words);
  expect((await bench.view(1)).acts).toEqual([]);
});

test('whoever pushed to the pull request is an author too where its commit was named outright', async () => {
  const bench = peopleBench();
  await bench.type(`/deploy production @${head}`, ada);
  await bench.planned(1);
  const answer = await bench.type('/approve production', { id: 8, login: 'lisa' });
  expect(answer).toContain('is an author');
  expect(await bench.type('/approve production', eve)).toContain('is approved');
});

test.each([
  ['an author, where the policy lets them', '{ approvals: 1, author_may_approve: true }', mona],
  ['a member of the team', '{ approvals: 1, approvers: ["@acme/ops"] }', ada],
])('%s may approve', async (_name, require, author) => {
  const bench = peopleBench(require, (known) => {
    known.teams = { 'acme/ops': ['ada'] };
  });
  await bench.type('/deploy production', mona);
  await bench.planned(1);
  expect(await bench.type('/approve production', author)).toContain('is approved');
});

test('without write permission nobody approves', async () => {
  const bench = peopleBench();
  await bench.type('/deploy production', mona);
  await bench.planned(1);
  bench.known.permission = 'read';
  expect(await bench.type('/approve production')).toContain('needs write');
  expect((await bench.view(1)).acts).toEqual([]);
});

test('a plan that is newer than the comment is not approved by it, but by its digits', async () => {
  const bench = peopleBench();
  await bench.type('/deploy production', mona);
  await bench.planned(1);
  const typedAt = bench.ledgers.clock.now();
  const refused = await bench.type('/approve production', ada, { at: typedAt });
  expect(refused).toContain('was planned again after this was typed');
  const digits = await bench.digits(1);
  expect(refused).toContain(`/approve production ${digits}`);
  const answer = await bench.type(`/approve production ${digits}`, ada, { at: typedAt });
  expect(answer).toContain('is approved');
});

test('drift makes an approval void, and says so', async () => {
  const bench = peopleBench();
  await bench.type('/deploy production', mona);
  await bench.planned(1);
  const before = await bench.digits(1);
  await bench.type(`/approve production ${before}`);
  await bench.planned(1, { plan: otherPlan, attempt: 2 });
  await handleDeploymentStatus(pending, bench.open);
  expect(bench.comments[0]!.body).toContain('An approval is void: the plan has changed since.');
  const refused = await bench.type(`/approve production ${before}`);
  expect(refused).toContain(`is ${await bench.digits(1)} now, not ${before}`);
});

test('a digest that is another plan’s approves nothing', async () => {
  const bench = peopleBench();
  await bench.type('/deploy production', mona);
  await bench.planned(1);
  expect(await bench.type('/approve deadbeef')).toContain('now, not deadbeef');
});

test.each([
  ['/approve', 'No deployment from this pull request or issue awaits approval'],
  ['/approve production', 'No deployment on production awaits approval'],
  ['/reject nowhere', 'No deployment on nowhere awaits approval'],
])('%s with nothing that waits is refused', async (body, words) => {
  const bench = peopleBench();
  await bench.type('/deploy production', mona);
  expect(await bench.type(body)).toContain(words);
});

test('without its environment, only what this pull request asked for is meant', async () => {
  const bench = peopleBench();
  await bench.type('/deploy production', mona);
  await bench.planned(1);
  const answer = await bench.type('/approve', ada, { issue: 4 });
  expect(answer).toContain('No deployment from this pull request');
  expect(answer).toContain('/approve production');
  expect(await bench.type('/approve production', ada, { issue: 4 })).toContain('is approved');
});

test('a breaking change waits for one person, whatever the policy says', async () => {
  const bench = peopleBench('{ approvals: 0 }');
  await bench.type('/deploy production', mona);
  await bench.planned(1, { reason: 'breaking_change' as 'awaiting_approval' });
  await handleDeploymentStatus(pending, bench.open);
  expect(bench.comments[0]!.body).toContain('0 of 1 person has approved');
  expect(await bench.type('/approve production')).toContain('it goes on');
});

test('a plan in a check run that is not the one that the host signed is not shown', async () => {
  const bench = peopleBench();
  await bench.type('/deploy production', mona);
  await bench.planned(1);
  bench.known.plans.splice(0, 1);
  bench.known.plans.push(planCheckText(otherPlan)!);
  await handleDeploymentStatus(pending, bench.open);
  const { body } = bench.comments[0]!;
  expect(body).not.toContain('Layer/roads');
  expect(body).toContain('web-1 planned');
});

test('/reject ends it with the reason', async () => {
  const bench = peopleBench();
  await bench.type('/deploy production', mona);
  await bench.planned(1);
  expect(await bench.type('/reject production not on a Friday')).toContain('is rejected');
  expect(await bench.view(1)).toMatchObject({ state: 'rejected', over: true });
  expect(bench.comments[0]!.body).toContain('rejected by ada: not on a Friday');
});
