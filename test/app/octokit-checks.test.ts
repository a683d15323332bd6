import { expect, test } from 'vitest';
import { githubThrough } from '../../src/app/octokit/github.ts';
import { addCheckRun } from '../../src/sandbox/github/acts/checks.ts';
import { appPermissions } from '../../src/sandbox/tour/app-registration.ts';
import { installApp, installed, shop, startLab } from '../sandbox/github/lab.ts';

/** A shop whose checks another App writes, as our App sees it with no more than its own permissions. */
async function startShop() {
  const lab = await startLab();
  const { installation } = installApp(lab, { permissions: appPermissions });
  const ours = await installed(lab, installation);
  const checker = lab.github.registerApp({
    slug: 'checker',
    owner: 'acme',
    publicKeyPem: '',
    webhookUrl: null,
    webhookSecret: '',
    permissions: {},
    events: [],
  });
  const repository = lab.github.repository('acme/shop');
  const { id } = repository;
  const sha = repository.refs.get('refs/heads/main')!;
  const url = `${lab.github.url}/acme/shop`;
  const github = githubThrough((route, parameters) => ours.request(route, { ...parameters }), {
    id,
    owner: 'acme',
    name: 'shop',
    defaultBranch: 'main',
    url,
  });
  const check = (name: string, conclusion: 'success' | 'failure', text: string | null = null) =>
    addCheckRun(lab.github.world, repository, checker, {
      name,
      sha,
      detailsUrl: null,
      externalId: '',
      status: 'completed',
      conclusion,
      startedAt: lab.time.now,
      completedAt: lab.time.now,
      output: { title: name, summary: name, text },
    });
  const say = (context: string, state: 'success' | 'failure') =>
    lab.person('acme').rest.repos.createCommitStatus({ ...shop, sha, context, state });
  return { lab, github, sha, check, say };
}

test('checks are the newest check runs and statuses, without those that show plans', async () => {
  const { github, sha, check, say } = await startShop();
  expect(await github.checksOf(sha)).toEqual({ found: [], total: 0 });
  check('build', 'failure');
  check('build', 'success');
  check('sallyport/plan (production, web on web-1)', 'success');
  await say('lint', 'failure');
  const { found, total } = await github.checksOf(sha);
  expect(total).toBe(2);
  expect(found).toMatchObject([
    {
      name: 'build',
      kind: 'check-run',
      status: 'completed',
      conclusion: 'success',
      suite: expect.any(Number),
    },
    { name: 'lint', kind: 'status', status: 'failure', app: null, suite: null },
  ]);
});

test('more than a page of statuses is read', async () => {
  const { github, sha, say } = await startShop();
  for (let at = 0; at < 101; at += 1) await say(`check ${at}`, 'success');
  const { found, total } = await github.checksOf(sha);
  expect([found.length, total]).toEqual([101, 101]);
});

test('what is required is what branch protection and rulesets say', async () => {
  const { lab, github } = await startShop();
  expect(await github.requiredChecks('main')).toEqual([]);
  lab.github.requireChecks('acme/shop', 'main', ['build']);
  lab.github.requireChecks('acme/shop', 'main', ['lint'], 'ruleset');
  expect(await github.requiredChecks('main')).toEqual([
    { name: 'build', app: null },
    { name: 'lint', app: null },
  ]);
  expect(await github.requiredChecks('gone')).toBeNull();
});

test('the texts of check runs are found by the beginning of their names', async () => {
  const { github, sha, check } = await startShop();
  check('sallyport/plan (production, web on web-1)', 'success', 'one');
  check('sallyport/plan (production, web on web-1)', 'success', 'two');
  check('sallyport/plan (staging, web on web-1)', 'success', 'three');
  const texts = await github.checkTexts(sha, 'sallyport/plan (production, ');
  expect(texts.toSorted()).toEqual(['one', 'two']);
});

test('who is in a team is asked; what nobody knows is a no', async () => {
  const { lab, github } = await startShop();
  const ada = lab.github.createUser('ada');
  const eve = lab.github.createUser('eve');
  lab.github.createTeam('acme', 'ops', ['ada']);
  expect(await github.isInTeam(ada, 'acme', 'ops')).toBe(true);
  expect(await github.isInTeam(eve, 'acme', 'ops')).toBe(false);
  expect(await github.isInTeam(ada, 'acme', 'nobody')).toBe(false);
});
