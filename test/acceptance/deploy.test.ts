import { expect, test } from 'vitest';
import { endOf } from '../support/acceptance/talk.ts';
import { usePlace } from '../support/acceptance/place.ts';
import { crashingRelease, lastWords, release } from '../support/acceptance/repository.ts';
import { ask, visit } from '../support/acceptance/service.ts';

const place = usePlace();
let pull = 0;

test('/deploy brings a pull request to the service, and its answer follows it', async () => {
  const { talk, ports, github } = place();
  pull = await talk.openPull('greet', release('1.1.0'));
  const deployment = await talk.run(pull, '/deploy production');

  expect(endOf(deployment)).toBe('success');
  expect(await ask(ports.production, '/version')).toBe('200 1.1.0');
  const answer = await talk.answerSays(deployment, '**completed**');
  expect(answer.updatedAt).toBeGreaterThan(answer.createdAt);
  expect(talk.answers).toHaveLength(1);
  const command = github.standIn.repository('acme/shop').comments[0]!;
  expect(command.reactions.map(({ content }) => content)).toEqual(['eyes', 'rocket']);
  expect(deployment.statuses.map(({ state }) => state)).toEqual([
    'queued',
    'in_progress',
    'success',
  ]);
});

test('the next release goes to the other slot, and nobody notices', async () => {
  const { talk, ports, host } = place();
  await talk.push('greet', release('1.2.0'));
  const visits = visit(ports.production);
  const deployment = await talk.run(pull, '/deploy production');
  const { answered, failed } = await visits.stop();

  expect(endOf(deployment)).toBe('success');
  expect(failed).toEqual([]);
  expect(answered).toBeGreaterThan(10);
  expect(await ask(ports.production, '/version')).toBe('200 1.2.0');
  expect(await host.runningSlots('production')).toEqual(['blue', 'green']);
  const [first] = talk.deployments;
  await talk.replaced(first!);
});

test('/rollback goes back to the warm slot without a fetch, a build or a start', async () => {
  const { talk, ports, host } = place();
  const deployment = await talk.run(pull, '/rollback production');

  expect(endOf(deployment)).toBe('success');
  expect(await ask(ports.production, '/version')).toBe('200 1.1.0');
  const log = host.log(deployment.id);
  expect(log).toContain('is warm');
  expect(log).not.toMatch(/fetching|build: |test: |starting/);
});

test('a release that ends at its start is rolled back, and its last words are told', async () => {
  const { talk, ports } = place();
  await talk.push('greet', crashingRelease('1.3.0'));
  const visits = visit(ports.production);
  const deployment = await talk.run(pull, '/deploy production');
  const { failed } = await visits.stop();

  expect(endOf(deployment)).toBe('failure');
  expect(failed).toEqual([]);
  expect(await ask(ports.production, '/version')).toBe('200 1.1.0');
  const answer = await talk.answerSays(deployment, '**rolled-back**');
  expect(answer.body).toContain(lastWords);
});

test('what is in its slot already is not deployed again', async () => {
  const { talk, host, ports } = place();
  const [first] = talk.deployments;
  const deployment = await talk.run(pull, `/deploy production @${first!.sha}`);
  expect(endOf(deployment)).toBe('success');
  expect(host.log(deployment.id)).not.toContain('build: ');
  expect(await ask(ports.production, '/version')).toBe('200 1.1.0');
});
