import { afterEach, beforeEach, expect, test } from 'vitest';
import { SallyportError } from '../../../src/model/errors.ts';
import type { SlotCounters } from '../../../src/ports/proxy.ts';
import type { ServiceConfig } from '../../../src/config/service.ts';
import type { TargetContext } from '../../../src/targets/context.ts';
import { createServiceTarget } from '../../../src/targets/service/create-target.ts';
import { worldOf, type World } from '../../../src/targets/service/world.ts';
import type { Step } from '../../../src/targets/target.ts';
import {
  configOf,
  contextOf,
  openBench,
  serverSource,
  shaOf,
  type Bench,
} from '../../support/service-bench.ts';

const signal = new AbortController().signal;
const rule = { errors: 0.05, requests: 20 };
const watched = { watch: { ...rule, for: 120 } };
const tried = { canary: { ...rule, for: 120, share: 0.5, sticky: true } };

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
  await bench.commit('a', { 'server.js': serverSource(), VERSION: '1.0.0' });
  await bench.commit('b', { 'server.js': serverSource(), VERSION: '2.0.0' });
  await runAll(make('a', 1).target.steps);
});
afterEach(() => bench[Symbol.asyncDispose]());

function make(
  letter: string,
  deployment: number,
  config: object = {},
  change: Partial<TargetContext<ServiceConfig>> = {},
) {
  const facts = { sha: shaOf(letter), deployment, config: configOf(config), ...change };
  const made = contextOf(bench.folder, facts);
  return { ...made, target: createServiceTarget(made.context), world: worldOf(made.context) };
}

async function runAll(steps: readonly Step[], to?: string): Promise<void> {
  for (const step of steps) {
    await step.run(signal);
    if (step.name === to) return;
  }
}

/** Resolves once it is written down that a slot is watched. */
async function begun(world: World): Promise<void> {
  while (!(await world.state.read()).attempt?.watched) await pause();
}

const pause = () => new Promise((resolve) => void setTimeout(resolve, 5));

const green = (requests: number, errors: number): Record<string, SlotCounters> => ({
  green: { requests, errors, durationMs: requests * 3 },
});
const live = async () => (await bench.get('/version')).body;

test('a slot that answers well keeps the traffic', async () => {
  const { target, proxy, said } = make('b', 2, watched);
  proxy.count(green(500, 400));
  await runAll(target.steps, 'verify');
  proxy.count(green(600, 401));
  await runAll(target.steps.filter(({ name }) => name === 'watch'));
  expect(said.at(-1)).toMatch(/^slot green: watched for 120 ms, 0 requests/);
  expect(await live()).toBe('2.0.0');
});

test('a slot that answers badly loses the traffic again, and people are told what was seen', async () => {
  const { target, proxy, world } = make('b', 2, { watch: { ...rule, for: 60_000 } });
  proxy.count(green(500, 0));
  const done = runAll(target.steps).catch((error: unknown) => error);
  await begun(world);
  proxy.count(green(540, 12));
  const failure = await done;
  expect(failure).toMatchObject({ reason: 'watch_failed' });
  expect((failure as Error).message).toMatch(
    /^slot green: 12 of 40 requests failed, more than 5%$/,
  );
  expect((failure as { details: string[] }).details).toEqual([
    'probe of slot green: good',
    'slot green: 40 requests, 12 failed, 3 ms each',
    'starting 2.0.0',
  ]);
  await runAll(target.rollback);
  expect(await live()).toBe('1.0.0');
});

test.each([
  ['its probes fail', `status = 500`, /GET \/: 500$/],
  ['its program ends', `process.exit(3)`, /its program ended with 3$/],
])('where nobody counts, a slot goes back when %s', async (_case, behave, message) => {
  const source = serverSource(`process.on('SIGUSR2', () => { ${behave} });`);
  await bench.commit('c', { 'server.js': source, VERSION: '3.0.0' });
  const { target, init, world } = make('c', 2, { watch: { ...rule, for: 60_000 } });
  const done = runAll(target.steps).catch((error: unknown) => error);
  await begun(world);
  await init.signal('staging.web.green', 'SIGUSR2');
  expect(await done).toMatchObject({
    reason: 'watch_failed',
    message: expect.stringMatching(message),
  });
  await runAll(target.rollback);
  expect(await live()).toBe('1.0.0');
});

test('whoever goes back, mends or switches back is not watched', () => {
  const names = (change: object) =>
    make('b', 2, { ...watched, ...tried }, change).target.steps.map(({ name }) => name);
  expect(names({})).toEqual(expect.arrayContaining(['canary', 'watch']));
  for (const change of [{ operation: 'rollback' }, { heal: 1 }, { stage: true }]) {
    expect(names(change)).not.toContain('canary');
    expect(names(change)).not.toContain('watch');
  }
});

test('a canary gets its share before the switch, and none after its time', async () => {
  const { target, proxy } = make('b', 2, { canary: { ...tried.canary, for: 600 } });
  await runAll(target.steps, 'smoke');
  const canary = target.steps.find(({ name }) => name === 'canary')!.run(signal);
  while (!proxy.read().canary) await pause();
  expect(new Set([await live(), await live()])).toEqual(new Set(['1.0.0', '2.0.0']));
  await canary;
  expect(proxy.read()).toMatchObject({ slot: 'blue', canary: null });
});

test('a canary that answers badly ends, and nobody comes to it any more', async () => {
  const { target, proxy, world } = make('b', 2, { canary: { ...tried.canary, for: 60_000 } });
  proxy.count({});
  const done = runAll(target.steps).catch((error: unknown) => error);
  await begun(world);
  proxy.count(green(30, 30));
  expect(await done).toMatchObject({ reason: 'watch_failed' });
  expect(proxy.read()).toMatchObject({ slot: 'blue', canary: null });
  await runAll(target.rollback);
  expect(await live()).toBe('1.0.0');
});

test('an agent that comes back goes on with a canary from where it began', async () => {
  const first = make('b', 2, { canary: { ...tried.canary, for: 60_000 } });
  await runAll(first.target.steps, 'smoke');
  const leaving = new AbortController();
  const canary = first.target.steps.find(({ name }) => name === 'canary')!.run(leaving.signal);
  while (!first.proxy.read().canary) await pause();
  leaving.abort();
  await expect(canary).rejects.toThrow();
  expect(first.proxy.read().canary).toMatchObject({ slot: 'green' });
  const { attempt } = await first.world.state.read();
  const next = make('b', 2, { canary: { ...tried.canary, for: 1 } });
  await runAll(next.target.steps.filter(({ name }) => name === 'canary'));
  expect((await next.world.state.read()).attempt?.watched).toEqual(attempt?.watched);
  await runAll(next.target.rollback);
  expect(next.proxy.read().canary).toBeNull();
});

test('a proxy that has no canary refuses before anything is built', async () => {
  const { target, proxy, world } = make('b', 2, tried);
  proxy.weights = () =>
    Promise.reject(
      new SallyportError({ code: 'not_supported', message: 'it cannot', hint: 'another proxy' }),
    );
  await expect(target.steps[0]!.run(signal)).rejects.toMatchObject({
    reason: 'config_invalid',
    message: 'canary: it cannot',
    details: ['another proxy'],
  });
  expect((await world.state.read()).attempt?.deployment).toBe(1);
});

test('people who ask for it see the new slot before the switch, until it is taken back', async () => {
  const preview = { header: 'X-Sallyport-Slot', cookie: 'sallyport_slot' };
  const { target, proxy } = make('b', 2, { preview }, { stage: true });
  await runAll(target.steps);
  expect(proxy.offered).toEqual(['green']);
  await runAll(target.rollback);
  expect(proxy.offered).toEqual(['green', '-green']);
});
