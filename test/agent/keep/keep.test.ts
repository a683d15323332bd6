import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunningAgent } from '../../../src/agent/agent.ts';
import { decodeRecord } from '../../../src/deploy/record-codec.ts';
import type { Kept, KeepReport, Target } from '../../../src/targets/target.ts';
import { forwardNames } from '../../deploy/unit-of.ts';
import { createBench, type Bench } from '../bench.ts';

const healthy: KeepReport = {
  found: [],
  health: 'healthy',
  why: null,
  fellBack: false,
  againInMs: null,
};
const restarted: Kept = {
  reason: 'start_failed',
  message: 'slot blue: the program ended with 1; started again',
  details: ['out of memory'],
  mended: false,
};

let bench: Bench;
let agents: RunningAgent[];
/** What is found at the next looks; then all is well. */
let reports: KeepReport[];
/** When it was looked, in ms since the start. */
let looks: number[];
let made: number;
/** The step that takes long and leaves alone what people are served by. */
let aside: string;

beforeEach(() => {
  bench = createBench();
  agents = [];
  reports = [];
  looks = [];
  made = 0;
  aside = '';
});

afterEach(async () => {
  await Promise.all(agents.map((agent) => agent.abort()));
});

/** An agent whose services are looked after. */
function start(): RunningAgent {
  const agent = bench.start('web-1', {
    makeTarget: async (work, progress) => {
      made += 1;
      const target: Target = await bench.makeTarget(work, progress);
      const keep = async () => {
        bench.ran.push('keep');
        looks.push(bench.now());
        return reports.shift() ?? healthy;
      };
      const steps = target.steps.map((step) => ({ ...step, aside: step.name === aside }));
      return { ...target, steps, keep };
    },
  });
  agents.push(agent);
  return agent;
}

async function deployed(cause = 'a comment'): Promise<RunningAgent> {
  const done = bench.until('record-written', ({ state }) => state === 'done');
  const agent = agents[0] ?? start();
  await bench.issue(cause);
  await done;
  return agent;
}

test('where nothing was deployed, nothing is made and nothing is looked at', async () => {
  start();
  await bench.pass(600_000);
  expect([made, looks]).toEqual([0, []]);
});

test('what was deployed is looked at every few seconds, by one and the same target', async () => {
  await deployed();
  await bench.pass(10_000);
  const before = made;
  looks = [];
  await bench.pass(60_000);
  expect(looks.length).toBeGreaterThanOrEqual(10);
  expect(looks.length).toBeLessThanOrEqual(15);
  expect(made).toBe(before);
});

test('while something is under way it is looked at sooner', async () => {
  await deployed();
  await bench.pass(10_000);
  const soon = { ...healthy, health: 'unhealthy', why: 'it starts', againInMs: 250 } as const;
  reports = [soon, soon, soon];
  looks = [];
  await bench.pass(10_000);
  const pauses = looks.slice(1, 4).map((at, index) => at - looks[index]!);
  expect(pauses).toEqual([250, 250, 250]);
});

test('what was found is told, and stands in the status until it is over', async () => {
  const agent = await deployed();
  const found = bench.until('kept');
  const ill = { ...healthy, health: 'unhealthy', why: 'slot blue: the program ended' } as const;
  reports = [{ ...ill, found: [restarted] }, ill];
  expect(await found).toMatchObject({ work: { target: 'web' }, found: restarted });
  const target = expect.objectContaining({ health: 'unhealthy', why: ill.why });
  expect(await agent.view.status('production')).toMatchObject({
    environments: [
      {
        health: 'unhealthy',
        hosts: expect.arrayContaining([expect.objectContaining({ targets: [target] })]),
      },
    ],
  });
  await bench.pass(20_000);
  const after = await agent.view.status('production');
  expect(after).toMatchObject({ environments: [{ health: 'healthy' }] });
  expect(JSON.stringify(after)).not.toContain('the program ended');
});

test('it looks at once when it starts, whether or not GitHub answers', async () => {
  const agent = await deployed();
  await agent.stop();
  agents = [];
  bench.cutOff = true;
  looks = [];
  const began = bench.now();
  start();
  await expect.poll(() => looks[0]).toBe(began);
});

test('it never looks while a unit is at work, and goes on while people pause the environment', async () => {
  await deployed();
  bench.ran.length = 0;
  bench.onStep = async () => await bench.pass(20_000);
  await deployed('another comment');
  bench.onStep = () => undefined;
  const [first, last] = [
    bench.ran.indexOf(forwardNames[0]!),
    bench.ran.indexOf(forwardNames.at(-1)!),
  ];
  expect(bench.ran.slice(first, last + 1)).toEqual(forwardNames);
  await bench.issue('pause', { operation: 'pause', targets: [], roster: [], params: {} });
  await bench.pass(30_000);
  looks = [];
  await bench.pass(30_000);
  expect(looks.length).toBeGreaterThan(3);
});

test('it looks on beside a step that leaves alone what people are served by', async () => {
  await deployed();
  bench.ran.length = 0;
  aside = forwardNames[1]!;
  bench.onStep = async () => await bench.pass(20_000);
  await deployed('another comment');
  bench.onStep = () => undefined;
  const place = (name: string) => bench.ran.indexOf(name);
  const beside = bench.ran.slice(place(forwardNames[1]!) + 1, place(forwardNames[2]!));
  expect(beside.length).toBeGreaterThanOrEqual(2);
  expect(new Set(beside)).toEqual(new Set(['keep']));
  const [first, last] = [place(forwardNames[2]!), place(forwardNames.at(-1)!)];
  expect(bench.ran.slice(first, last + 1)).toEqual(forwardNames.slice(2));
});

test('traffic that fell back is compared at once, and said with its reason', async () => {
  await deployed();
  const word = bench.until('record-written', ({ state }) => state === 'drifted');
  bench.drift = [{ action: 'modify', resource: 'Service/web', breaking: false }];
  const before = bench.now();
  const fell = { ...healthy, health: 'degraded', why: 'it fell back', fellBack: true } as const;
  reports = Array.from({ length: 50 }, () => fell);
  await word;
  expect(bench.now() - before).toBeLessThan(30_000);
  const { token } = bench.written.at(-1)!;
  expect(decodeRecord(token)?.record).toMatchObject({ state: 'drifted', reason: 'fell_back' });
});
