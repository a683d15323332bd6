import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunningAgent } from '../../src/agent/agent.ts';
import { backNames, forwardNames } from '../deploy/unit-of.ts';
import { createBench, type Bench } from './bench.ts';

let bench: Bench;
let agents: RunningAgent[];

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

const ended = (state: string) => (event: { state: string }) => event.state === state;

test('a deployment runs every step and is recorded as begun and done', async () => {
  const recorded = bench.until('record-written', ended('done'));
  start();
  const deployment = await bench.issue('a comment');
  await recorded;
  expect(bench.ran.slice(0, 6)).toEqual(forwardNames);
  expect(bench.written.map(({ description }) => description)).toEqual([
    'web-1 applying: web aaaaaaa, deploy by ada',
    'web-1 done: web is at aaaaaaa',
  ]);
  expect(bench.shown).toEqual([`${deployment} in_progress`, `${deployment} success`]);
});

test('whoever asks while a step takes long is told that it runs', async () => {
  const recorded = bench.until('record-written', ended('applying'));
  const ending = bench.until('unit-ended');
  const agent = start();
  const told: (string | undefined)[] = [];
  bench.onStep = async (step) => {
    if (step !== 'start') return;
    await recorded;
    told.push(agent.view.history('production')?.deployments[0]?.state);
    const status = await agent.view.status('production');
    told.push(status?.environments[0]?.hosts[0]?.state);
  };
  await bench.issue('a comment');
  await ending;
  expect(told).toEqual(['applying', 'applying']);
});

test('the deployment that it replaces is shown inactive', async () => {
  start();
  const first = bench.until('record-written', ended('done'));
  const one = await bench.issue('first');
  await first;
  const second = bench.until('record-written', ended('done'));
  await bench.issue('second', { sha: 'd'.repeat(40) });
  await second;
  expect(bench.shown.at(-1)).toBe(`${one} inactive`);
});

test('a failed step is rolled back, and recorded three times', async () => {
  bench.broken.push('start');
  const recorded = bench.until('record-written', ended('rolled-back'));
  start();
  const deployment = await bench.issue('a comment');
  await recorded;
  expect(bench.ran).toEqual(['fetch', 'back-up', 'build', 'start', ...backNames]);
  expect(bench.shown).toEqual(
    ['in_progress', 'in_progress', 'failure'].map((state) => `${deployment} ${state}`),
  );
  expect(bench.written.at(-1)?.description).toBe(
    'web-1 rolled-back: web: start: start broke: tail',
  );
});

test('a later host that fails has the earlier one rolled back', async () => {
  const recorded = bench.until(
    'record-written',
    (event) => event.state === 'rolled-back' && event.unit === 'web@web-1',
  );
  start('web-1');
  const second = createBench();
  start('web-2', {
    journal: second.journal,
    verify: async () => ({ ok: false, reason: 'not_reachable', message: 'no way' }),
  });
  await bench.issue('a comment', {
    targets: [{ name: 'web', kind: 'service', wave: 0, hosts: ['web-1', 'web-2'] }],
  });
  await recorded;
  expect(bench.ran).toEqual([...forwardNames, 'drain', ...backNames]);
  expect(bench.written.map(({ description }) => description)).toContain(
    'web-2 failed: web: no way',
  );
});

test('a unit that is refused is recorded as failed, with nothing run', async () => {
  bench.verdict = { ok: false, reason: 'kind_not_permitted', message: 'not here' };
  const recorded = bench.until('record-written', ended('failed'));
  start();
  await bench.issue('a comment');
  await recorded;
  expect(bench.ran).toEqual([]);
  expect(bench.shown.at(-1)).toMatch(/ failure$/);
});

test('it goes on while the ledger cannot be reached, and writes its records later, in order', async () => {
  bench.onStep = (name) => {
    if (name === 'build') bench.cutOff = true;
  };
  const unitEnded = bench.until('unit-ended');
  start();
  await bench.issue('a comment');
  await unitEnded;
  expect(bench.written.filter(({ state }) => state === 'success')).toEqual([]);
  const recorded = bench.until('record-written', ended('done'));
  bench.cutOff = false;
  await recorded;
  expect(bench.written.map(({ description }) => description.split(':')[0])).toEqual([
    'web-1 applying',
    'web-1 done',
  ]);
});

test('asked to stop, it finishes the step in hand; the next start goes on from there', async () => {
  let stopping: Promise<void> | undefined;
  bench.onStep = (name) => {
    if (name === 'build') stopping ??= agent.stop();
  };
  const left = bench.until('step-ended', ({ step }) => step === 'build');
  const agent = start();
  await bench.issue('a comment');
  await left;
  await stopping;
  expect(bench.ran).toEqual(['fetch', 'back-up', 'build']);
  expect(bench.journal.kept.some(({ body }) => body.kind === 'left')).toBe(true);
  bench.cutOff = true;
  const done = bench.until('unit-ended');
  start();
  expect(await done).toMatchObject({ outcome: { state: 'done' } });
  expect(bench.ran.slice(0, 6)).toEqual(forwardNames);
});

test('a record that was not written before a stop is written after the next start', async () => {
  const unitEnded = bench.until('unit-ended');
  const agent = start();
  bench.onStep = (name) => {
    bench.cutOff ||= name === 'prove';
  };
  await bench.issue('a comment');
  await unitEnded;
  await agent.stop();
  bench.onStep = () => undefined;
  bench.cutOff = false;
  const recorded = bench.until('record-written', ended('done'));
  start();
  await recorded;
  expect(bench.written.at(-1)?.state).toBe('success');
});

test('a job whose start is over is refused', async () => {
  const recorded = bench.until('unit-refused');
  const deployment = await bench.issue('a comment');
  start('web-1', { trust: lateTrust(25 * 60 * 60 * 1000) });
  expect(await recorded).toMatchObject({ deployment, reason: 'expired' });
});

test('status and history tell of what runs', async () => {
  const recorded = bench.until('record-written', ended('done'));
  const agent = start();
  await bench.issue('a comment');
  await recorded;
  expect(await agent.view.status('production')).toMatchObject({
    environments: [{ name: 'production', health: 'healthy', sync: 'synced' }],
  });
  expect(
    agent.view.history('production')?.deployments[0]?.events.map(({ state }) => state),
  ).toEqual(['issued', 'bound', 'applying', 'done']);
  expect(await agent.view.status('elsewhere')).toBeNull();
});

function lateTrust(ms: number) {
  return async () => {
    await bench.pass(ms);
    return (await import('../support/jobs.ts')).trust;
  };
}
