import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunningAgent } from '../../src/agent/agent.ts';
import type { Change } from '../../src/model/plan.ts';
import { forwardNames } from '../deploy/unit-of.ts';
import { createBench, type Bench } from './bench.ts';

let bench: Bench;
let agents: RunningAgent[];
const drift: readonly Change[] = [{ action: 'modify', resource: 'File/a', breaking: false }];

beforeEach(() => {
  bench = createBench();
  agents = [];
});

afterEach(async () => {
  await Promise.all(agents.map((agent) => agent.abort()));
});

function start(...args: Parameters<Bench['start']>): RunningAgent {
  const agent = bench.start(...args);
  agents.push(agent);
  return agent;
}

async function deployed(...args: Parameters<Bench['start']>): Promise<RunningAgent> {
  const done = bench.until('record-written', ({ state }) => state === 'done');
  const agent = start(...args);
  await bench.issue('a comment');
  await done;
  bench.ran.length = 0;
  return agent;
}

const words = () => bench.written.map(({ description }) => description);
const drifted = () => words().filter((each) => each.startsWith('web-1 drifted'));

test('drift is said once for each difference, and again when it is gone', async () => {
  const agent = await deployed();
  const found = bench.until('drifted');
  bench.drift = drift;
  expect(await found).toMatchObject({ environment: 'production', plans: [{ name: 'web' }] });
  await bench.pass(3_600_000);
  expect(drifted()).toHaveLength(1);
  expect(await agent.view.status('production')).toMatchObject({
    environments: [{ sync: 'out-of-sync' }],
  });
  const other = bench.until('drifted');
  bench.drift = [{ action: 'remove', resource: 'File/b', breaking: true }];
  await other;
  const gone = bench.until('healed');
  bench.drift = [];
  await gone;
  expect(bench.ran).toEqual([]);
});

test('with heal, what was accepted last is restored, and only the host speaks of it', async () => {
  bench.policies['production'] = { heal: true };
  await deployed();
  bench.onStep = (name) => {
    if (name === 'prove') bench.drift = [];
  };
  const written = bench.until('record-written', ({ state }) => state === 'healed');
  bench.drift = drift;
  await written;
  expect(bench.ran).toEqual([...forwardNames, 'drain']);
  expect(words().map((each) => each.split(':')[0])).toEqual([
    'web-1 applying',
    'web-1 done',
    'web-1 drifted',
    'web-1 healed',
  ]);
  bench.ran.length = 0;
  await bench.pass(3_600_000);
  expect(bench.ran).toEqual([]);
});

test('paused, it is seen and left alone', async () => {
  bench.policies['production'] = { heal: true };
  await deployed();
  await bench.issue('pause', { operation: 'pause', targets: [], roster: [], params: {} });
  const found = bench.until('drifted');
  bench.drift = drift;
  await found;
  await bench.pass(3_600_000);
  expect(bench.ran).toEqual([]);
});

test('a healing that fails is not undone, and is tried again after longer and longer pauses', async () => {
  bench.policies['production'] = { heal: true };
  await deployed();
  bench.broken.push('start');
  const pauses: number[] = [];
  const third = bench.until('heal-failed', ({ pauseMs }) => pauses.push(pauseMs) === 3);
  bench.drift = drift;
  await third;
  expect(pauses.map((ms) => Math.round(ms / 300_000))).toEqual([1, 2, 4]);
  expect(bench.ran).not.toContain('switch-back');
});

test('an environment that cannot be compared does not stop the others', async () => {
  const environments = ['staging', 'production'];
  const rules = { name: 'web-1', environments, origins: ['app'], kinds: ['service'] };
  const { verdict } = bench;
  const done = bench.until('record-written', ({ state }) => state === 'done');
  const agent = start('web-1', { rules });
  await bench.issue('one', { environment: 'staging' });
  await done;
  await agent.stop();
  const found = bench.until('drifted');
  bench.verdict = verdict;
  const second = bench.until('record-written', ({ state }) => state === 'done');
  let hasFailed = false;
  start('web-1', {
    rules,
    makeTarget: async (work, progress) => {
      hasFailed ||= work.job.environment === 'staging';
      if (work.job.environment === 'staging') throw new Error('a broken target');
      return await bench.makeTarget(work, progress);
    },
  });
  await bench.issue('two');
  await second;
  bench.drift = drift;
  expect(await found).toMatchObject({ environment: 'production' });
  expect(hasFailed).toBe(true);
});

test('killed while it mends, the next start goes on', async () => {
  bench.policies['production'] = { heal: true };
  const agent = await deployed();
  let stopping: Promise<void> | undefined;
  bench.onStep = (name) => {
    if (name === 'build') stopping ??= agent.stop();
  };
  const left = bench.until('step-ended', ({ step }) => step === 'build');
  bench.drift = drift;
  await left;
  await stopping;
  expect(bench.ran).toEqual(['fetch', 'back-up', 'build']);
  bench.drift = [];
  const healed = bench.until('healed');
  start();
  await healed;
  expect(bench.ran).toEqual([...forwardNames, 'drain']);
});
