import { expect, test } from 'vitest';
import { readRule } from '../../src/app/events/protection-rule.ts';
import { handleProtectionRule, sweepRuns } from '../../src/app/protection-rule.ts';
import { appBench } from './app-bench.ts';
import { head } from './memory-github.ts';
import { ada, mona, peopleBench } from './people-bench.ts';

const event = { environment: 'production', run: 77, sha: head, actor: 'mona' };

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
  await handleProtectionRule(event, bench.open);
  expect(bench.rules).toEqual([
    {
      run: 77,
      environment: 'production',
      state: 'approved',
      comment: 'The gates of production are open.',
    },
  ]);
  await sweepRuns(bench.world);
  expect(bench.rules).toHaveLength(1);
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
  await handleProtectionRule(event, bench.open);
  await sweepRuns(bench.world);
  expect(bench.rules).toMatchObject([
    { state: null, comment: expect.stringContaining('the database moves') },
  ]);
  await bench.type('/unlock production', ada);
  await sweepRuns(bench.world);
  await sweepRuns(bench.world);
  expect(bench.rules.map(({ state }) => state)).toEqual([null, 'approved']);
});

test('approvals are those that Sallyport has of this very commit', async () => {
  const bench = peopleBench();
  await handleProtectionRule(event, bench.open);
  expect(bench.rules).toMatchObject([
    { state: null, comment: expect.stringMatching(/wants approvals.*\/deploy production @b{7}/) },
  ]);
  await bench.type('/deploy production', mona);
  await bench.planned(1);
  await bench.type('/approve production', ada);
  await sweepRuns(bench.world);
  expect(bench.rules.at(-1)).toMatchObject({ state: 'approved' });
});

test('an event that names no run or no commit costs nothing', async () => {
  const bench = appBench();
  await handleProtectionRule({ ...event, run: null }, bench.open);
  await handleProtectionRule({ ...event, sha: null }, bench.open);
  expect(bench.opened()).toBe(0);
});
