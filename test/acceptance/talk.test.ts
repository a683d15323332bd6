import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { redeliver } from '../../src/sandbox/github/webhooks/redeliver.ts';
import { mona, repository } from '../support/acceptance/names.ts';
import { usePlace } from '../support/acceptance/place.ts';
import { release } from '../support/acceptance/repository.ts';
import { endOf } from '../support/acceptance/talk.ts';

const place = usePlace();

test('/help tells the commands and the environments', async () => {
  const { talk, github } = place();
  const { number } = github.standIn.openIssue(repository, mona, 'Questions');
  const answer = await talk.ask(number, '/help');
  expect(answer.body).toContain('/rollback');
  expect(answer.body).toContain('`production`, `staging`');
});

test('/status before anything was deployed says so', async () => {
  const answer = await place().talk.ask(1, '/status');
  expect(answer.body).toContain('Nothing was deployed from this repository yet');
});

test('a misspelt command is answered with the one that was meant, and nothing happens', async () => {
  const { talk } = place();
  const answer = await talk.ask(1, '/depoly production');
  expect(answer.body).toContain('/deploy');
  expect(talk.deployments).toEqual([]);
});

test('an environment that does not exist is answered with those that do', async () => {
  const { talk } = place();
  const answer = await talk.ask(1, '/deploy prodution');
  expect(answer.body).toContain('There is no environment prodution');
  expect(answer.body).toContain('/deploy production');
  expect(talk.deployments).toEqual([]);
});

test('a comment without a command causes no call of the App at all', async () => {
  const { talk, github } = place();
  const calls = () =>
    github.traffic.exchanges
      .filter(({ actor }) => !actor.startsWith('agent:'))
      .map(({ actor, method, path }) => `${actor}: ${method} ${path}`);
  await talk.settled();
  // What was begun side by side for a command that was refused may still be on its way.
  let before = -1;
  while (before !== calls().length) {
    before = calls().length;
    await setTimeout(500);
  }
  for (const body of [
    'Nice work, see the /deploy docs',
    '> /deploy production',
    '```\n/help\n```',
  ]) {
    talk.comment(1, body);
  }
  await talk.settled();
  expect(calls().slice(before)).toEqual([]);
});

test('a webhook that comes twice, and once more later, is one deployment', async () => {
  const { talk, github } = place();
  const { deliveries, world } = github.standIn;
  const deployment = await talk.begin(1, '/deploy production');
  const delivery = deliveries.findLast(({ event }) => event === 'issue_comment')!;
  redeliver(world, delivery);
  await talk.ended(deployment);
  redeliver(world, delivery);
  await talk.settled();
  expect(endOf(deployment)).toBe('success');
  expect(talk.deployments).toHaveLength(1);
});

test('/status tells what runs where', async () => {
  const { talk } = place();
  const [deployment] = talk.deployments;
  const answer = await talk.ask(1, '/status production');
  expect(answer.body).toContain(`\`${deployment!.sha.slice(0, 7)}\``);
  expect(answer.body).toContain('`web-1` done');
});

test('a webhook with a forged signature does nothing', async () => {
  const { talk, github, webhooks } = place();
  const { payload } = github.standIn.deliveries.find(({ event }) => event === 'issue_comment')!;
  const before = talk.answers.length;
  const answer = await fetch(webhooks, {
    method: 'POST',
    body: payload.replace('/help', '/deploy production'),
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'issue_comment',
      'x-github-delivery': 'f0e1d2c3-0000-4000-8000-000000000000',
      'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
    },
  });
  expect(answer.status).toBe(401);
  await talk.settled();
  expect([talk.answers.length, talk.deployments.length]).toEqual([before, 1]);
});

test('a push to the branch that triggers, and a tag, are deployments of staging', async () => {
  const { talk, github } = place();
  const pushed = await talk.push('main', release('2.0.0'));
  const first = await talk.newest(pushed);
  expect(first.environment).toBe('staging');
  expect(endOf(await talk.ended(first))).toBe('success');
  const tagged = await github.standIn.commit({
    repository,
    branch: 'stable',
    files: release('2.1.0'),
  });
  await github.standIn.createTag(repository, '2.1.0', tagged);
  const second = await talk.newest(tagged);
  expect(endOf(await talk.ended(second))).toBe('success');
});
