import { expect, test } from 'vitest';
import { readRule } from '../../src/app/events/protection-rule.ts';
import { handleProtectionRule } from '../../src/app/protection-rule.ts';
import { putOffFor } from '../../src/app/retry-delivery.ts';
import { asSallyportError, SallyportError } from '../../src/model/errors.ts';
import { keptMemory } from '../support/kept-memory.ts';
import { appBench } from './app-bench.ts';
import { head } from './memory-github.ts';
import { ada, mona, peopleBench } from './people-bench.ts';

const event = { environment: 'production', run: 77, sha: head, actor: 'mona' };

/** Hands the event over as the App's worker does, which remembers only what its store keeps. */
function ruleOf(bench: ReturnType<typeof appBench>) {
  const world = { ...bench.world, answers: keptMemory() };
  /** In how many ms it is to be asked again; `null` where it is over. */
  return (over: Partial<typeof event> = {}, open = () => Promise.resolve(world)) =>
    handleProtectionRule({ ...event, ...over }, open).then(
      () => null,
      (error: unknown) => {
        const againInMs = putOffFor(asSallyportError(error));
        if (againInMs === null) throw error;
        return againInMs;
      },
    );
}

const callback = 'https://evil.example/repos/x/y/actions/runs/77/deployment_protection_rule';

test('only the number of the run is taken from the address', () => {
  const payload = {
    environment: 'production',
    deployment_callback_url: callback,
    deployment: { sha: head },
    sender: { login: 'mona' },
  };
  expect(readRule(payload)).toEqual(event);
  for (const url of ['https://api.github.com/../../x', `${callback}/../../9`, 'runs/1e3/x', '']) {
    expect(readRule({ ...payload, deployment_callback_url: url }).run).toBeNull();
  }
});

test('where every gate is open, the workflow goes on', async () => {
  const bench = appBench();
  expect(await ruleOf(bench)()).toBeNull();
  expect(bench.rules).toEqual([
    {
      run: 77,
      environment: 'production',
      state: 'approved',
      comment: 'The gates of production are open.',
    },
  ]);
});

test('an environment without rules is not let through', async () => {
  const bench = appBench();
  await handleProtectionRule({ ...event, environment: 'prodution' }, bench.open);
  expect(bench.rules).toMatchObject([
    { state: 'rejected', comment: expect.stringContaining('no rules for prodution') },
  ]);
});

test('a policy that cannot be read closes, and says so', async () => {
  const bench = appBench((known) => {
    known.files = {};
  });
  await handleProtectionRule(event, bench.open);
  expect(bench.rules).toMatchObject([
    { state: 'rejected', comment: expect.stringContaining('There is no .github/sallyport.yml') },
  ]);
});

test('while it is locked it waits and says for whom, once; then it goes on by itself', async () => {
  const bench = peopleBench('{}');
  await bench.type('/lock production the database moves', ada);
  const ask = ruleOf(bench);
  expect([await ask(), await ask()]).toEqual([60_000, 60_000]);
  expect(bench.rules).toMatchObject([
    { state: null, comment: expect.stringContaining('the database moves') },
  ]);
  await bench.type('/unlock production', ada);
  expect(await ask()).toBeNull();
  expect(bench.rules.map(({ state }) => state)).toEqual([null, 'approved']);
});

test('the longer it waits, the more seldom it is judged; after 30 days not any more', async () => {
  const bench = peopleBench('{}');
  await bench.type('/lock production', ada);
  const ask = ruleOf(bench);
  await ask();
  await bench.ledgers.clock.sleep(2 * 3_600_000);
  expect(await ask()).toBeGreaterThan(200_000);
  await bench.ledgers.clock.sleep(10 * 24 * 3_600_000);
  expect(await ask()).toBe(600_000);
  await bench.ledgers.clock.sleep(21 * 24 * 3_600_000);
  expect(await ask()).toBeNull();
  expect(bench.rules).toHaveLength(1);
});

test('however long GitHub is away, a run that waits is not given up', async () => {
  const ask = ruleOf(appBench());
  const away = new SallyportError({ code: 'github_unreachable', message: 'away', next: 'retry' });
  expect(await ask({}, () => Promise.reject(away))).toBe(60_000);
  const gone = new SallyportError({ code: 'github_refused', message: 'suspended' });
  await expect(ask({}, () => Promise.reject(gone))).rejects.toBe(gone);
});

test('a run that is started again is told anew', async () => {
  const bench = peopleBench('{}');
  await bench.type('/lock production', ada);
  const ask = ruleOf(bench);
  await ask();
  await bench.type('/unlock production', ada);
  await ask();
  await bench.type('/lock production', ada);
  await ask();
  expect(bench.rules.map(({ state }) => state)).toEqual([null, 'approved', null]);
});

test('approvals are those that Sallyport has of this very commit', async () => {
  const bench = peopleBench();
  const ask = ruleOf(bench);
  await ask();
  expect(bench.rules).toMatchObject([
    { state: null, comment: expect.stringMatching(/wants approvals.*\/deploy production @b{7}/) },
  ]);
  await bench.type('/deploy production', mona);
  await bench.planned(1);
  await bench.type('/approve production', ada);
  await ask();
  expect(bench.rules.at(-1)).toMatchObject({ state: 'approved' });
});

test.each([
  ['of one target alone', '/deploy production --only web', '/status'],
  ['that somebody cancelled', '/deploy production', '/cancel production'],
])('the approval of a deployment %s lets no workflow through', async (_, deploy, after) => {
  const bench = peopleBench();
  await bench.type(deploy, mona);
  await bench.planned(1);
  expect(await bench.type('/approve production', ada)).toContain('is approved');
  await bench.type(after, ada);
  await ruleOf(bench)();
  expect(bench.rules).toMatchObject([
    { state: null, comment: expect.stringMatching(/wants approvals/) },
  ]);
});

test('an event that names no run or no commit costs nothing', async () => {
  const bench = appBench();
  await handleProtectionRule({ ...event, run: null }, bench.open);
  await handleProtectionRule({ ...event, sha: null }, bench.open);
  expect(bench.opened()).toBe(0);
});
