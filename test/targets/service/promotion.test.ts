import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ServiceConfig } from '../../../src/config/service.ts';
import type { TargetContext } from '../../../src/targets/context.ts';
import { createServiceTarget } from '../../../src/targets/service/create-target.ts';
import { worldOf } from '../../../src/targets/service/world.ts';
import type { Step } from '../../../src/targets/target.ts';
import {
  configOf,
  contextOf,
  openBench,
  serverSource,
  shaOf,
  type Bench,
} from '../../support/service-bench.ts';

type Change = Partial<TargetContext<ServiceConfig>>;
const signal = new AbortController().signal;

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
  for (const [at, letter] of ['a', 'b', 'c'].entries()) {
    await bench.commit(letter, { 'server.js': serverSource(), VERSION: `${at + 1}.0.0` });
  }
  await run('a', 1);
});
afterEach(() => bench[Symbol.asyncDispose]());

function make(letter: string, deployment: number, change: Change = {}) {
  const made = contextOf(bench.folder, { sha: shaOf(letter), deployment, ...change });
  return { ...made, target: createServiceTarget(made.context), world: worldOf(made.context) };
}

async function run(letter: string, deployment: number, change: Change = {}) {
  const made = make(letter, deployment, change);
  await runAll([...made.target.steps, ...made.target.settle]);
  return made;
}

async function runAll(steps: readonly Step[]): Promise<void> {
  for (const step of steps) await step.run(signal);
}

const live = async () => (await bench.get('/version')).body;
const switchTo = { operation: 'switch' } as const;
const changed = (...fields: string[]) => [
  { action: 'modify', resource: 'Service/web', fields, breaking: false },
];

test.each([
  ['`promotion: manual`', { config: configOf({ promotion: 'manual' }) }],
  ['`--stage`', { stage: true }],
])(
  'with %s the new release is healthy in the idle slot, and traffic stays',
  async (_how, change) => {
    const { target, init, proxy, world } = await run('b', 2, change);
    expect(target.stopsAt).toBe('staged');
    expect(await live()).toBe('1.0.0');
    expect((await init.status('staging.web.green')).running).toBe(true);
    expect(proxy.drained).toEqual([]);
    expect(await world.state.read()).toMatchObject({ live: 'blue', staged: 'green' });
    expect(await target.status()).toMatchObject({ slot: 'blue', version: '1.0.0' });
  },
);

test('what is staged already is staged again at once: it is not in force, so there is something to do', async () => {
  const { init } = await run('b', 2, { stage: true });
  const first = await init.status('staging.web.green');
  const { target } = make('b', 3, { stage: true });
  expect((await target.plan(signal)).changes).not.toEqual([]);
  await runAll([...target.steps, ...target.settle]);
  expect(await init.status('staging.web.green')).toEqual(first);
  expect(await live()).toBe('1.0.0');
});

test('what waits in the idle slot is no drift, and mending does not move the traffic', async () => {
  await run('b', 2, { stage: true });
  const mending = make('b', 2, { stage: true, heal: 1 });
  expect((await mending.target.plan(signal)).changes).toEqual([]);
  expect(await live()).toBe('1.0.0');
});

test('a switch moves the traffic to what is staged: no fetch, no build, no start', async () => {
  const { init } = await run('b', 2, { stage: true });
  const staged = await init.status('staging.web.green');
  const { target, git, world } = make('b', 3, switchTo);
  const first = await target.plan(signal);
  expect(first.changes).toEqual(changed('traffic'));
  expect((await target.plan(signal)).digest).toBe(first.digest);
  await runAll([...target.steps, ...target.settle]);
  expect(await live()).toBe('2.0.0');
  expect(await init.status('staging.web.green')).toEqual(staged);
  expect(git.fetches).toBe(0);
  expect(await world.state.read()).toMatchObject({ live: 'green', staged: null });
  expect((await target.plan(signal)).changes).toEqual([]);
});

test('a switch to what is live changes nothing', async () => {
  await run('b', 2, { stage: true });
  const { target, world } = make('a', 3, switchTo);
  expect((await target.plan(signal)).changes).toEqual([]);
  await runAll(target.steps);
  expect(await world.state.read()).toMatchObject({ live: 'blue', staged: 'green' });
});

test('a staged slot whose program died is started and proved before it gets the traffic', async () => {
  const { init } = await run('b', 2, { stage: true });
  await init.stop('staging.web.green', 0);
  const { said, git } = await run('b', 3, switchTo);
  expect(await live()).toBe('2.0.0');
  expect(said.indexOf('slot green: 2 of 2 probes')).toBeLessThan(
    said.indexOf('slot green has the traffic: 2.0.0'),
  );
  expect(git.fetches).toBe(0);
});

test('one that dies between the plan and the switch is started again as well', async () => {
  const { init } = await run('b', 2, { stage: true });
  const { target } = make('b', 3, switchTo);
  const [remember, ...rest] = target.steps;
  await remember!.run(signal);
  await init.stop('staging.web.green', 0);
  await runAll(rest);
  expect(await live()).toBe('2.0.0');
});

test('a switch to an older kept release starts it, and builds nothing', async () => {
  await run('b', 2);
  await run('c', 3);
  const { git, target } = await run('a', 4, switchTo);
  expect(await live()).toBe('1.0.0');
  expect(git.fetches).toBe(0);
  expect(target.steps.map(({ name }) => name)).not.toContain('build');
});

test('a switch to a release that is not kept any more is refused, with the way to it', async () => {
  await run('b', 2);
  await run('c', 3);
  await rm(join(bench.folder, 'state/releases/staging/web', shaOf('a')), { recursive: true });
  await expect(make('a', 4, switchTo).target.plan(signal)).rejects.toMatchObject({
    reason: 'no_backup',
    details: [`deploy it: /deploy staging @${shaOf('a').slice(0, 7)}`],
  });
  expect(await live()).toBe('3.0.0');
});

test('the next deployment takes the place of what is staged', async () => {
  await run('b', 2, { stage: true });
  const { world } = await run('c', 3);
  expect(await live()).toBe('3.0.0');
  expect(await world.state.read()).toMatchObject({ live: 'green', staged: null });
});

test('a switch that fails goes back, and what was staged waits again', async () => {
  await run('b', 2, { stage: true });
  const made = make('b', 3, switchTo);
  await runAll(made.target.steps);
  expect(await live()).toBe('2.0.0');
  await runAll(made.target.rollback);
  expect(await live()).toBe('1.0.0');
  expect((await made.init.status('staging.web.green')).running).toBe(true);
  expect(await made.world.state.read()).toMatchObject({ live: 'blue', staged: 'green' });
  await run('b', 4, switchTo);
  expect(await live()).toBe('2.0.0');
});

test('what a failed staging left is taken away', async () => {
  const made = make('b', 2, { stage: true });
  await runAll(made.target.steps);
  await runAll(made.target.rollback);
  expect((await made.init.status('staging.web.green')).running).toBe(false);
  expect(await made.world.state.read()).toMatchObject({ live: 'blue', staged: null });
  expect(await live()).toBe('1.0.0');
});

test('a rollback moves the traffic, also where promotion is manual', async () => {
  await run('b', 2);
  const config = configOf({ promotion: 'manual' });
  const { target, said } = await run('a', 3, { operation: 'rollback', config });
  expect(target.stopsAt).toBeUndefined();
  expect(await live()).toBe('1.0.0');
  expect(said.filter((line) => line.startsWith('slot blue: ') && line.includes('probes'))).toEqual(
    [],
  );
});

test('a proxy that has forgotten is told by what was written down', async () => {
  const { proxy, target } = make('a', 2);
  await proxy.remove();
  await proxy.ensure({ name: 'staging.web', listen: 0 });
  expect((await bench.get('/version')).status).toBe(503);
  expect((await target.plan(signal)).changes).toEqual(changed('traffic'));
  await runAll(target.steps);
  expect(await live()).toBe('1.0.0');
  expect(proxy.read().slot).toBe('blue');
});
