import { expect, test } from 'vitest';
import { repository } from '../support/acceptance/names.ts';
import { usePlace } from '../support/acceptance/place.ts';
import { configPath, release } from '../support/acceptance/repository.ts';
import { ask } from '../support/acceptance/service.ts';
import { endOf } from '../support/acceptance/talk.ts';

const place = usePlace();
const [ada, eve] = ['ada', 'eve'];
const waitMinutes = 5;
let pull = 0;

test('a command that is kept to a team is refused to others, who learn whose it is', async () => {
  const { talk, github, policy } = place();
  const { standIn } = github;
  for (const login of [ada, eve]) {
    standIn.createUser(login);
    standIn.collaborator(repository, login, 'write');
  }
  standIn.createTeam('acme', 'ops', [ada]);
  const lines =
    'may: { lock: ["@acme/ops"] }\n    pull_requests: { forks: true, outdated: refuse }';
  const changed = policy.replace('    require: { refs', `    ${lines}\n    require: { refs`);
  await talk.push('main', { [configPath]: changed });
  pull = await talk.openPull('greet', release('1.1.0'));

  const refused = await talk.ask(pull, '/lock production', eve);
  expect(refused.body).toContain('eve may not /lock on production');
  // A push to the default branch goes to staging by itself.
  expect(talk.deployments.filter(({ environment }) => environment === 'production')).toEqual([]);
  await talk.ask(pull, '/lock production', ada);
  await talk.ask(pull, '/unlock production', ada);
});

test("the reviewers and the wait timer of GitHub's environment are asked for", async () => {
  const { talk, github, ports } = place();
  const refs = [{ type: 'branch', name: 'greet' } as const];
  const rules = { reviewers: ['@acme/ops'], preventSelfReview: true, waitMinutes, refs };
  github.standIn.protect(repository, 'production', rules);
  const elsewhere = await talk.ask(pull, '/deploy production main');
  expect(elsewhere.body).toContain("GitHub's environment production does not take branch main");

  const deployment = await talk.begin(pull, '/deploy production');
  const asking = await talk.answerSays(deployment, 'awaiting-approval');
  const [command] = /\/approve production [0-9a-f]{8,}/.exec(asking.body) ?? [];
  const other = await talk.ask(pull, command!, eve);
  expect(other.body).toContain('eve is no required reviewer');
  await talk.ask(pull, command!, ada);
  await talk.answerSays(deployment, 'wait timer');
  expect(endOf(deployment)).toBeNull();

  github.skip(waitMinutes * 60_000);
  await talk.ended(deployment);
  expect(endOf(deployment)).toBe('success');
  expect(await ask(ports.production, '/version')).toBe('200 1.1.0');
  github.standIn.protect(repository, 'production', {});
});

test('the head of a fork is deployed once somebody brought it here, and no earlier', async () => {
  const { talk, github, ports } = place();
  const { standIn } = github;
  await standIn.fork(repository, eve);
  const files = release('1.2.0');
  const sha = await standIn.commit({ repository: 'eve/shop', branch: 'mine', files, by: eve });
  const { number } = await standIn.openPullRequest({
    repository,
    headRepository: 'eve/shop',
    head: 'mine',
    by: eve,
  });
  const refused = await talk.ask(number, '/deploy production');
  expect(refused.body).toContain(`git push origin ${sha}:refs/heads/review/${number}`);
  await standIn.moveBranch(repository, `review/${number}`, sha, ada);
  await talk.run(number, '/deploy production');
  expect(await ask(ports.production, '/version')).toBe('200 1.2.0');
});

test('a pull request that lacks commits of its base is refused', async () => {
  const { talk } = place();
  await talk.push('main', { 'notes.txt': 'newer\n' });
  const answer = await talk.ask(pull, '/deploy production');
  expect(answer.body).toContain('main has commits that the pull request lacks');
});
