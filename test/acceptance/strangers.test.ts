import { expect, test } from 'vitest';
import { otherTool } from '../../src/sandbox/github/faults/other-tool.ts';
import { mona, repository } from '../support/acceptance/names.ts';
import { usePlace } from '../support/acceptance/place.ts';
import { release } from '../support/acceptance/repository.ts';
import { ask } from '../support/acceptance/service.ts';
import { endOf } from '../support/acceptance/talk.ts';

const place = usePlace();
let pull = 0;

test('deployments and statuses of another tool change nothing', async () => {
  const { talk, github, ports } = place();
  const other = otherTool(github.standIn, repository);
  pull = await talk.openPull('greet', release('1.1.0'));
  await other.deploy('production');
  const deployment = await talk.begin(pull, '/deploy production');
  other.speakOf(deployment.id, 'failure');
  await other.deploy('production');
  await talk.answerSays(deployment, '**completed**');
  expect(await ask(ports.production, '/version')).toBe('200 1.1.0');
});

test('a record that was copied from another deployment speaks for nobody', async () => {
  const { talk, github, ports } = place();
  const [first] = talk.deployments;
  const done = first!.statuses.findLast(({ state }) => state === 'success')!;
  await talk.push('greet', release('1.2.0'));
  const second = await talk.begin(pull, '/deploy production');
  github.standIn.deploymentStatus(repository, second.id, {
    by: mona,
    state: 'success',
    logUrl: done.logUrl,
    autoInactive: false,
  });
  await talk.answerSays(second, '**completed**');
  expect(await ask(ports.production, '/version')).toBe('200 1.2.0');
});

test('a job that was copied is not run again', async () => {
  const { talk, github, host, ports } = place();
  const [first] = talk.deployments;
  const copy = await github.standIn.deploy(repository, {
    by: mona,
    ref: first!.sha,
    environment: 'production',
    task: 'sallyport',
    payload: first!.payload,
  });
  const next = await talk.run(pull, '/deploy production');
  expect(endOf(next)).toBe('success');
  expect(host.log(copy.id)).toBe('');
  expect(await ask(ports.production, '/version')).toBe('200 1.2.0');
});

test('a renamed environment moves nothing', async () => {
  const { talk, github, ports } = place();
  const other = otherTool(github.standIn, repository);
  await talk.push('greet', release('1.3.0'));
  const deployment = await talk.begin(pull, '/deploy production');
  other.rename(deployment.id, 'staging');
  await talk.answerSays(deployment, '**completed**');
  expect(await ask(ports.production, '/version')).toBe('200 1.3.0');
});

test('a job that was deleted is missed: the environment stops until a person speaks', async () => {
  const { talk, github, app, host, ports } = place();
  await talk.push('greet', release('1.4.0'));
  const lost = await talk.run(pull, '/deploy production');
  await talk.push('greet', release('1.5.0'));
  await talk.answerSays(await talk.run(pull, '/deploy production'), '**completed**');
  otherTool(github.standIn, repository).remove(lost.id);
  // Who saw it remembers it.
  await Promise.all([app.restart('SIGTERM'), host.agent.restart('SIGTERM')]);

  await talk.push('greet', release('1.6.0'));
  const answer = await talk.ask(pull, '/deploy production');
  expect(answer.body).toContain('--accept-gap');
  expect(await ask(ports.production, '/version')).toBe('200 1.5.0');

  const next = await talk.begin(pull, '/deploy production --accept-gap');
  await talk.answerSays(next, '**completed**');
  expect(await ask(ports.production, '/version')).toBe('200 1.6.0');
});
