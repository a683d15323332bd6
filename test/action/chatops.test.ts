import { expect, test } from 'vitest';
import { mona, repository } from '../support/acceptance/names.ts';
import { release } from '../support/acceptance/repository.ts';
import { useWorkflows } from './workflows.ts';

const workflows = useWorkflows();

test('/deploy in a pull request goes through workflows alone, from the comment to its last edit', async () => {
  const { place, runs } = workflows();
  const { talk } = place;
  const pull = await talk.openPull('feature', release('2.0.0'));
  const deployment = await talk.begin(pull, '/deploy production');
  await talk.ended(deployment);
  await talk.answerSays(deployment, 'completed');
  expect(talk.answers.at(-1)).toMatchObject({ app: { slug: 'github-actions' } });
  expect(runs.filter(({ code }) => code !== 0)).toEqual([]);
});

test('a push to a branch that triggers deploys', async () => {
  const { talk } = workflows().place;
  const sha = await talk.push('main', release('2.1.0'));
  await expect
    .poll(() => talk.deployments.findLast((one) => one.sha === sha), { timeout: 30_000 })
    .toMatchObject({ environment: 'staging' });
  await talk.ended(talk.deployments.findLast((one) => one.sha === sha)!);
});

test('a misspelt command is answered, a person without access refused', async () => {
  const { github, talk } = workflows().place;
  const { number } = github.standIn.openIssue(repository, mona, 'Talk');
  expect((await talk.ask(number, '/depoly production')).body).toContain('/deploy');
  github.standIn.createUser('eve');
  expect((await talk.ask(number, '/deploy production', 'eve')).body).toContain('eve');
});

test('a comment without a command asks GitHub nothing, and an event of no use is told', async () => {
  const { place, step, settled } = workflows();
  const { traffic } = place.github;
  await settled();
  const before = traffic.exchanges.length;
  for (const [name, event] of [
    ['issue_comment', { action: 'created', comment: { body: 'See `x/y`, please' } }],
    ['star', { action: 'created' }],
    ['issue_comment', { action: 'edited', comment: { body: '/deploy production' } }],
    ['constructor', {}],
  ] as const) {
    const run = await step({
      inputs: { mode: 'chatops' },
      env: { GITHUB_EVENT_NAME: name },
      event,
    });
    expect(run, run.output).toMatchObject({ code: 0 });
  }
  expect(
    traffic.exchanges.slice(before).filter(({ actor }) => !actor.startsWith('agent:')),
  ).toEqual([]);
});
