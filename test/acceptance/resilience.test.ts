import { expect, test } from 'vitest';
import { usePlace } from '../support/acceptance/place.ts';
import { sallyport } from '../support/acceptance/program.ts';
import { release } from '../support/acceptance/repository.ts';
import { ask } from '../support/acceptance/service.ts';
import { endOf } from '../support/acceptance/talk.ts';
import { until } from '../support/acceptance/wait.ts';

const place = usePlace();
let pull = 0;

interface Listed {
  readonly deliveries: readonly { readonly event: string; readonly state: string }[];
}

test('a comment that came while the App was down is taken when the App is up again', async () => {
  const { talk, app } = place();
  pull = await talk.openPull('greet', release('1.1.0'));
  await app.end('SIGTERM');
  talk.comment(pull, '/deploy production');
  await talk.settled();
  expect(talk.answers).toEqual([]);
  await app.start();
  const deployment = await talk.first();
  await talk.answerSays(deployment, '**completed**');
});

test('an App that is killed after it took a webhook finishes the work when it is up again', async () => {
  const { talk, github, app, appState } = place();
  const before = talk.answers.length;
  await talk.settled();
  github.isMute = true;
  const sha = await talk.push('greet', release('1.1.1'));
  talk.comment(pull, '/deploy production');
  await github.standIn.waitForDeliveries();
  await app.end('SIGKILL');
  github.isMute = false;
  expect(talk.answers).toHaveLength(before);
  const env = { SALLYPORT_STATE: appState };
  const { stdout } = await sallyport(['deliveries', 'list', '--json'], env);
  const waiting = (JSON.parse(stdout) as Listed).deliveries.filter(({ state }) => state !== 'done');
  expect(waiting.map(({ event }) => event)).toContain('issue_comment');

  await app.start();
  const deployment = await talk.newest(sha);
  await talk.answerSays(deployment, '**completed**');
  expect(talk.answers).toHaveLength(before + 1);
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
  expect(await ask(ports.production, '/version')).toBe('200 1.1.1');
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
