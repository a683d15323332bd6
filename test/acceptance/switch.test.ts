import { expect, test } from 'vitest';
import type { Deployment } from '../../src/sandbox/github/state/types.ts';
import type { StatusJson } from '../../src/report/status-json.ts';
import { usePlace } from '../support/acceptance/place.ts';
import { release } from '../support/acceptance/repository.ts';
import { ask, visit } from '../support/acceptance/service.ts';
import { endOf } from '../support/acceptance/talk.ts';
import { until } from '../support/acceptance/wait.ts';

const place = usePlace({ origins: ['app', 'operator'] });
let pull = 0;
let live: Deployment;
let staged: Deployment;

const version = () => ask(place().ports.production, '/version');

async function statusOf(): Promise<StatusJson> {
  const { stdout } = await place().host.ask('status', 'production', '--json');
  return JSON.parse(stdout) as StatusJson;
}

test('a release has the traffic', async () => {
  const { talk } = place();
  pull = await talk.openPull('greet', release('1.1.0'));
  live = await talk.run(pull, '/deploy production');
  expect(await version()).toBe('200 1.1.0');
});

test('staged by a comment, the next one is healthy and has no traffic', async () => {
  const { talk, host } = place();
  await talk.push('greet', release('1.2.0'));
  staged = await talk.run(pull, '/deploy production --stage');
  expect(endOf(staged)).toBe('success');
  expect(staged.statuses.at(-1)?.description).toMatch(
    /is staged: \/switch production web moves the traffic$/,
  );
  expect(await version()).toBe('200 1.1.0');
  await talk.answerSays(staged, 'Next: `/switch production web`');
  expect(await host.runningSlots('production')).toEqual(['blue', 'green']);
  expect((await statusOf()).environments).toMatchObject([
    {
      commit: live.sha,
      sync: 'synced',
      staged: [{ commit: staged.sha, deployment: String(staged.id), targets: ['web'] }],
    },
  ]);
});

test('/switch moves the traffic without a fetch, a build or a start, and nobody notices', async () => {
  const { talk, host, ports } = place();
  const visits = visit(ports.production);
  const switched = await talk.run(pull, '/switch production web');
  expect(endOf(switched)).toBe('success');
  expect(await version()).toBe('200 1.2.0');
  expect((await visits.stop()).failed).toEqual([]);
  expect(host.log(switched.id)).not.toMatch(/fetching|build: |test: |starting/);
  await talk.replaced(live);
  await talk.replaced(staged);
  expect((await statusOf()).environments).toMatchObject([{ commit: staged.sha, staged: [] }]);
});

test('/switch once more moves it back', async () => {
  const { talk } = place();
  const back = await talk.run(pull, '/switch production');
  expect(endOf(back)).toBe('success');
  expect([await version(), back.sha]).toEqual(['200 1.1.0', live.sha]);
  const nowhere = await talk.ask(pull, '/switch production web @1234567');
  expect(nowhere.body).toContain('has not completed on production');
});

test('while GitHub is away, people on the host switch to what was staged there', async () => {
  const { talk, host, github } = place();
  await talk.push('greet', release('1.3.0'));
  const third = await talk.run(pull, '/deploy production --stage');
  const facts = () => host.agent.output;
  const isKnown = async () => (await statusOf()).environments[0]?.staged.length === 1;
  await until('the agent knows what is staged', isKnown, { facts });
  github.outage = true;
  const isCutOff = async () => (await statusOf()).agent?.connected === false;
  await until('the agent says that it is cut off', isCutOff, { facts });
  expect(await version()).toBe('200 1.1.0');
  const ran = await host.ask('switch', 'production', '--wait', '--timeout', '60s');
  expect(ran).toMatchObject({ code: 0 });
  expect(await version()).toBe('200 1.3.0');
  expect((await statusOf()).environments).toMatchObject([{ commit: third.sha, staged: [] }]);
  github.outage = false;
  const isTold = () =>
    third.statuses.some(({ description }) => description.startsWith('web-1 held:'));
  await until('GitHub is told of it', isTold, { facts });
  await talk.answerSays(third, 'Next: `/rollback production`');
  expect((await talk.ask(pull, '/status production')).body).not.toContain('moves the traffic');
});

const stopsNow = async () => (await statusOf()).environments[0]?.hosts[0]?.targets[0]?.stops;

test('people on the host show a page instead of answers, and end it', async () => {
  const { host } = place();
  const on = await host.ask('maintenance', 'production', 'web', '--on', '--message', 'At six.');
  expect(on).toMatchObject({ code: 0, stderr: '' });
  expect(on.stdout).toContain('sallyport maintenance production web --off');
  expect(await version()).toMatch(/^503 .*At six\./);
  const who = { by: expect.any(String), since: expect.any(String) };
  expect(await stopsNow()).toMatchObject([{ kind: 'maintenance', message: 'At six.', ...who }]);
  const off = await host.ask('maintenance', 'production', '--off', '--json');
  expect(JSON.parse(off.stdout)).toMatchObject({ ok: true, verb: 'maintenance', next: null });
  expect([await version(), await stopsNow()]).toEqual(['200 1.3.0', undefined]);
});

test('held requests wait until somebody lets them go', async () => {
  const { host } = place();
  expect((await host.ask('hold', 'production', '--for', '60s')).code).toBe(0);
  let answered = '';
  const answer = version().then((text) => (answered = text));
  expect(await stopsNow()).toMatchObject([{ kind: 'hold', seconds: 60 }]);
  expect(answered).toBe('');
  expect((await host.ask('hold', 'production', '--off')).code).toBe(0);
  expect(await answer).toBe('200 1.3.0');
  expect((await host.ask('hold', 'production', 'wbe')).stderr).toContain('Did you mean web?');
});
