import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { repository } from '../support/acceptance/names.ts';
import { usePlace } from '../support/acceptance/place.ts';
import { sallyport } from '../support/acceptance/program.ts';
import { release } from '../support/acceptance/repository.ts';
import { ask } from '../support/acceptance/service.ts';
import { endOf } from '../support/acceptance/talk.ts';
import { until } from '../support/acceptance/wait.ts';

const place = usePlace();
let pull = 0;
/** Of the agents of these tests, with some patience for a slow machine. */
const pollMs = 2_500;

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

test('what runs is cancelled at its next safe point; another branch waits in line meanwhile', async () => {
  const { talk, host, ports } = place();
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-go-'));
  const go = join(folder, 'go');
  // Staging takes the commit too, and may come to its tests when this one is over.
  const isOver = `existsSync('${go}') || !existsSync('${folder}')`;
  const wait = `import { existsSync } from 'node:fs';\nsetInterval(() => (${isOver}) && process.exit(0), 50);`;
  await talk.push('greet', { ...release('1.6.0'), 'check.js': wait });
  const running = await talk.begin(pull, '/deploy production');
  await host.stepBegins(running.id, 'test');
  const other = await talk.begin(pull, '/deploy production main');
  await talk.answerSays(other, `waits behind deployment ${running.id} of \`greet\``);
  talk.comment(pull, '/cancel production');
  await talk.answerSays(other, '**cancelled**');
  await talk.answerSays(running, 'it stops before the next step');
  // The agent reads at every poll while its step runs.
  await sleep(2 * pollMs);
  writeFileSync(go, '');
  await talk.answerSays(running, 'start: stopped before this step, cancelled by mona');
  expect(endOf(await talk.ended(running))).toBe('failure');
  expect(host.stepsBegun(running.id)).not.toContain('switch');
  expect(await ask(ports.production, '/version')).toBe('200 1.5.0');
  rmSync(folder, { recursive: true });
});

test('a lock until the merge ends with the merge', async () => {
  const { talk, github } = place();
  await talk.begin(pull, '/lock production --until-merge');
  const info = '/lock production --info';
  expect((await talk.askAtOnce(pull, info)).body).toContain('is locked already, by mona');
  await github.standIn.mergePullRequest(repository, pull, 'mona');
  await talk.settled();
  expect((await talk.askAtOnce(pull, info)).body).toContain('Nobody has locked production');
});
