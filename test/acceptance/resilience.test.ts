import { expect, test } from 'vitest';
import { usePlace } from '../support/acceptance/place.ts';
import { release } from '../support/acceptance/repository.ts';
import { ask } from '../support/acceptance/service.ts';
import { endOf } from '../support/acceptance/talk.ts';
import { until } from '../support/acceptance/wait.ts';

const place = usePlace();
let pull = 0;

test('a comment that came while the App was down is taken when its webhook is sent again', async () => {
  const { talk, app } = place();
  pull = await talk.openPull('greet', release('1.1.0'));
  await app.end('SIGTERM');
  talk.comment(pull, '/deploy production');
  await talk.settled();
  await app.start();
  expect(talk.answers).toEqual([]);
  expect(talk.redeliverLost()).toBeGreaterThan(0);
  const deployment = await talk.first();
  await talk.answerSays(deployment, '**completed**');
});

test('of what was asked for while the agent was down the newest is done when it is up', async () => {
  const { talk, host, ports } = place();
  expect(await host.agent.end('SIGTERM')).toBe(0);
  await talk.push('greet', release('1.2.0'));
  const one = await talk.begin(pull, '/deploy production');
  await talk.push('greet', release('1.3.0'));
  const two = await talk.begin(pull, '/deploy production');
  await talk.answerSays(one, '**superseded**');
  await talk.replaced(one);
  expect(await ask(ports.production, '/version')).toBe('200 1.1.0');
  await host.agent.start();
  expect(endOf(await talk.ended(two))).toBe('success');
  expect(host.stepsBegun(one.id)).toEqual([]);
  expect(await ask(ports.production, '/version')).toBe('200 1.3.0');
});

test('a run goes on while GitHub cannot be reached, and is told of afterwards', async () => {
  const { talk, host, github, ports } = place();
  await talk.push('greet', release('1.4.0'));
  const deployment = await talk.begin(pull, '/deploy production');
  await host.stepBegins(deployment.id, 'build');
  github.outage = true;
  const isLive = async () => (await ask(ports.production, '/version')) === '200 1.4.0';
  await until('1.4.0 is live', isLive, { facts: () => host.log(deployment.id) });
  expect(endOf(deployment)).toBe(null);
  github.outage = false;
  expect(endOf(await talk.ended(deployment))).toBe('success');
});

test('SIGTERM lets the step in hand end; the next start goes on behind it', async () => {
  const { talk, host, ports } = place();
  await talk.push('greet', release('1.5.0'));
  const deployment = await talk.begin(pull, '/deploy production');
  await host.stepBegins(deployment.id, 'test');
  expect(await host.agent.end('SIGTERM')).toBe(0);
  expect(host.log(deployment.id)).toContain('test done in');
  expect(host.stepsBegun(deployment.id)).not.toContain('switch');
  expect(await ask(ports.production, '/version')).toBe('200 1.4.0');

  await host.agent.start();
  expect(endOf(await talk.ended(deployment))).toBe('success');
  expect(host.stepsBegun(deployment.id).filter((step) => step === 'test')).toHaveLength(1);
  expect(await ask(ports.production, '/version')).toBe('200 1.5.0');
});
