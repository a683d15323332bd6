import { expect, test } from 'vitest';
import { githubThrough } from '../../src/app/octokit/github.ts';
import { appPermissions } from '../../src/sandbox/tour/app-registration.ts';
import type { Permissions } from '../../src/sandbox/github/state/types.ts';
import { installApp, installed, shop, startLab, type Lab } from '../sandbox/github/lab.ts';

/** acme/shop with mona, ada, a team and a pull request, as the App sees it; all traffic is held against GitHub's description. */
async function startShop(more: { permissions?: Permissions; lawful?: boolean } = {}) {
  const lab = await startLab({ lawful: more.lawful ?? true });
  const { github: standIn } = lab;
  for (const login of ['mona', 'ada', 'eve']) {
    standIn.createUser(login);
    standIn.collaborator('acme/shop', login, 'write');
  }
  standIn.createTeam('acme', 'ops', ['eve']);
  const { installation } = installApp(lab, { permissions: more.permissions ?? appPermissions });
  const ours = await installed(lab, installation);
  const { id } = standIn.repository('acme/shop');
  const head = await standIn.commit({
    repository: 'acme/shop',
    branch: 'feature',
    files: { a: 'b' },
    by: 'mona',
  });
  const { number } = await standIn.openPullRequest({
    repository: 'acme/shop',
    head: 'feature',
    by: 'mona',
    draft: true,
  });
  const url = `${standIn.url}/acme/shop`;
  const github = githubThrough((route, parameters) => ours.request(route, { ...parameters }), {
    id,
    owner: 'acme',
    name: 'shop',
    defaultBranch: 'main',
    url,
  });
  return { lab, standIn, github, number, head };
}

test('an environment without rules has none, and one that is not there is none', async () => {
  const { github, standIn } = await startShop();
  standIn.protect('acme/shop', 'staging', {});
  expect(await github.environmentRules('production')).toBeNull();
  expect(await github.environmentRules('staging')).toEqual({
    reviewers: [],
    preventSelfReview: false,
    waitMinutes: 0,
    refs: null,
  });
});

test('reviewers, wait timer and patterns of an environment', async () => {
  const { github, standIn } = await startShop();
  standIn.protect('acme/shop', 'production', {
    reviewers: ['ada', '@acme/ops'],
    preventSelfReview: true,
    waitMinutes: 30,
    refs: [
      { type: 'branch', name: 'release/*' },
      { type: 'tag', name: 'v*' },
    ],
  });
  const ada = standIn.createUser('ada');
  expect(await github.environmentRules('production')).toEqual({
    reviewers: [
      { kind: 'user', id: ada.id, login: 'ada' },
      { kind: 'team', organization: 'acme', slug: 'ops' },
    ],
    preventSelfReview: true,
    waitMinutes: 30,
    refs: { branches: ['release/*'], tags: ['v*'] },
  });
});

test('protected branches are those that have a rule', async () => {
  const { github, standIn } = await startShop();
  standIn.requireChecks('acme/shop', 'main', ['ci']);
  standIn.protect('acme/shop', 'production', { refs: 'protected' });
  const rules = await github.environmentRules('production');
  expect(rules).toMatchObject({ refs: { branches: ['main'], tags: [] } });
});

test('an App that may not read environments says so', async () => {
  const { actions: _, ...permissions } = appPermissions;
  const { github, standIn } = await startShop({ permissions });
  standIn.protect('acme/shop', 'production', { waitMinutes: 30 });
  expect(await github.environmentRules('production')).toBe('unread');
});

test('reviews, drafts, and how many reviews a ruleset asks for', async () => {
  const { github, standIn, number, lab } = await startShop();
  expect(await github.pull(number)).toMatchObject({ isDraft: true, base: { branch: 'main' } });
  expect(await github.reviewsWanted('main')).toBe(0);
  standIn.requireReviews('acme/shop', 'main', 2);
  expect(await github.reviewsWanted('main')).toBe(2);
  await review(lab, 'ada', number, 'APPROVE');
  await review(lab, 'eve', number, 'REQUEST_CHANGES');
  standIn.review('acme/shop', number, 'eve', 'DISMISSED');
  const told = (await github.reviews(number)).map(({ person, state }) => [person.login, state]);
  expect(told).toEqual([
    ['ada', 'APPROVED'],
    ['eve', 'CHANGES_REQUESTED'],
    ['eve', 'DISMISSED'],
  ]);
});

test('nobody approves their own pull request', async () => {
  const { number, lab } = await startShop();
  await expect(review(lab, 'mona', number, 'APPROVE')).rejects.toMatchObject({ status: 422 });
});

test('a base is merged into a head that is still there, by whoever may write contents', async () => {
  const { github, standIn, number, head } = await startShop({
    permissions: { ...appPermissions, contents: 'write' },
  });
  expect(await github.updateBranch(number, head)).toBe(false);
  await standIn.commit({ repository: 'acme/shop', files: { c: 'd' } });
  expect(await github.relation('main', head)).toBe('diverged');
  expect(await github.updateBranch(number, '0'.repeat(40))).toBe(false);
  expect(await github.updateBranch(number, head)).toBe(true);
  const updated = (await github.pull(number)).head.sha;
  expect(updated).not.toBe(head);
  expect(await github.relation('main', updated)).toBe('ahead');
  expect(await github.branchesAt(updated)).toEqual(['feature']);
});

test('without `contents: write` nothing is merged', async () => {
  const { github, standIn, number, head } = await startShop();
  await standIn.commit({ repository: 'acme/shop', files: { c: 'd' } });
  expect(await github.updateBranch(number, head)).toBe(false);
});

async function review(
  lab: Lab,
  login: string,
  pull_number: number,
  event: 'APPROVE' | 'REQUEST_CHANGES',
) {
  const body = 'Seen.';
  return lab.person(login).rest.pulls.createReview({ ...shop, pull_number, event, body });
}
