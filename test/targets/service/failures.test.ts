import { join } from 'node:path';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ServiceConfig } from '../../../src/config/service.ts';
import type { TargetContext } from '../../../src/targets/context.ts';
import { createServiceTarget } from '../../../src/targets/service/create-target.ts';
import { openState } from '../../../src/targets/service/state-file.ts';
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
const { health } = configOf();
const impatient = { health: { ...health, deadline: 300 } };
const fails = [process.execPath, '-e', `console.error('no luck'); process.exit(7)`] as const;

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
  await bench.commit('a', { 'server.js': serverSource(), VERSION: '1.0.0' });
});
afterEach(() => bench[Symbol.asyncDispose]());

interface Case {
  readonly reason: string;
  readonly behave?: string;
  readonly config?: Partial<Record<keyof ServiceConfig, unknown>>;
  readonly details?: readonly unknown[];
  readonly message?: RegExp;
}

const cases: Readonly<Record<string, Case>> = {
  'the build fails': { reason: 'build_failed', config: { build: fails }, details: ['no luck'] },
  'the tests fail': { reason: 'test_failed', config: { test: fails }, details: ['no luck'] },
  'the smoke check fails': {
    reason: 'smoke_failed',
    config: { smoke: fails },
    details: ['no luck'],
  },
  'a build program is not there': {
    reason: 'build_failed',
    config: { build: ['no-such-program'] },
    message: /ended with not-found$/,
  },
  'the folder is not there': {
    reason: 'config_invalid',
    config: { path: 'no/such' },
    message: /no folder no\/such/,
  },
  'the program is not there': { reason: 'start_failed', config: { run: ['no-such-program'] } },
  'the program ends at once': {
    reason: 'start_failed',
    behave: `console.log('token=' + process.env.TOKEN); process.exit(3);`,
    details: ['starting 2.0.0', 'token=[redacted]'],
    config: { env: { clear: {}, secret: ['TOKEN'] } },
    message: /slot green ended with 3$/,
  },
  'the program is never healthy': {
    reason: 'unhealthy',
    behave: 'status = 500;',
    config: impatient,
    message: /GET \/: 500/,
  },
  'the program gets unhealthy again': {
    reason: 'unhealthy',
    behave: `setTimeout(() => { status = 500 }, 60);`,
    config: { health: { ...health, rise: 100 } },
  },
  'another release answers': {
    reason: 'wrong_version',
    behave: `version = '1.0.0';`,
    message: /says "1.0.0", not "2.0.0"/,
  },
  'a secret stands where the version should': {
    reason: 'wrong_version',
    behave: `version = 'no ' + process.env.TOKEN;`,
    config: { env: { clear: {}, secret: ['TOKEN'] } },
    message: /says "no \[redacted\]", not "2.0.0"/,
  },
  'a secret is missing': {
    reason: 'secret_missing',
    config: { env: { clear: {}, secret: ['NO_SUCH'] } },
    message: /sets NO_SUCH/,
  },
};

describe('a failure before the switch leaves the traffic where it is', () => {
  test.each(Object.entries(cases))('%s', async (_name, { behave, config, ...expected }) => {
    await mkdir(join(bench.folder, 'env'));
    await writeFile(join(bench.folder, 'env', 'x.env'), 'TOKEN=hunter2');
    await bench.commit('b', { 'server.js': serverSource(behave), VERSION: '2.0.0' });
    await runAll(targetOf('a', 1).steps);
    const failing = targetOf('b', 2, { config: configOf(config) });
    await expect(runAll(failing.steps)).rejects.toMatchObject({
      reason: expected.reason,
      message: expect.stringMatching(expected.message ?? /./),
      ...(expected.details && { details: expected.details }),
    });
    expect((await bench.get('/version')).body).toBe('1.0.0');
    await runAll(failing.rollback);
    expect((await bench.get('/version')).body).toBe('1.0.0');
    const { init } = contextOf(bench.folder);
    expect((await init.status('staging.web.green')).running).toBe(false);
    expect(
      await readFile(join(bench.folder, 'state/slots/staging.web.json'), 'utf8'),
    ).not.toContain('hunter2');
  });
});

describe('a failure after the switch', () => {
  test('moves the traffic back', async () => {
    await bench.commit('b', { 'server.js': serverSource(), VERSION: '2.0.0' });
    await runAll(targetOf('a', 1).steps);
    const target = targetOf('b', 2);
    await runAll(target.steps);
    expect((await bench.get('/version')).body).toBe('2.0.0');
    await runAll(target.rollback);
    expect((await bench.get('/version')).body).toBe('1.0.0');
  });

  test('is seen through the proxy', async () => {
    await bench.commit('b', { 'server.js': serverSource(), VERSION: '2.0.0' });
    const target = targetOf('b', 1);
    const verify = target.steps.at(-1)!;
    await runAll(target.steps.slice(0, -1));
    await contextOf(bench.folder).init.stop('staging.web.blue', 0);
    await expect(verify.run(signal)).rejects.toMatchObject({ reason: 'verify_failed' });
  });

  test('starts the old slot again where it died', async () => {
    await bench.commit('b', { 'server.js': serverSource(), VERSION: '2.0.0' });
    await runAll(targetOf('a', 1).steps);
    const target = targetOf('b', 2);
    await runAll(target.steps);
    await contextOf(bench.folder).init.stop('staging.web.blue', 0);
    await runAll(target.rollback);
    expect((await bench.get('/version')).body).toBe('1.0.0');
  });

  test.each([true, false])(
    'finds the old slot on another port where it died and that is taken (switched: %s)',
    async (isSwitched) => {
      await bench.commit('b', { 'server.js': serverSource(), VERSION: '2.0.0' });
      await runAll(targetOf('a', 1).steps);
      const target = targetOf('b', 2);
      const last = target.steps.findIndex(({ name }) => name === 'switch');
      await runAll(isSwitched ? target.steps : target.steps.slice(0, last));
      const { init, context, proxy } = contextOf(bench.folder);
      const { slots } = await openState(`${context.paths.state}/slots/staging.web.json`).read();
      await init.stop('staging.web.blue', 0);
      const foreign = createServer().listen(slots.blue!.port, '127.0.0.1');
      await once(foreign, 'listening');
      await runAll(target.rollback);
      foreign.close();
      expect((await bench.get('/version')).body).toBe('1.0.0');
      expect(proxy.read().upstream).not.toMatchObject({ port: slots.blue!.port });
    },
  );

  test('needs a person where the old slot cannot come back, and traffic stays', async () => {
    await bench.commit('b', { 'server.js': serverSource(), VERSION: '2.0.0' });
    const mortal = `if (require('fs').existsSync('dead')) process.exit(1); ${serverSource()}`;
    await bench.commit('a', { 'server.js': mortal, VERSION: '1.0.0' });
    await runAll(targetOf('a', 1).steps);
    const target = targetOf('b', 2);
    await runAll(target.steps);
    const { init, context } = contextOf(bench.folder);
    await init.stop('staging.web.blue', 0);
    await writeFile(join(await treeOf(context, 'a'), 'dead'), '');
    await expect(runAll(target.rollback)).rejects.toMatchObject({
      reason: 'rollback_failed',
      message: expect.stringMatching(/slot blue ended with 1$/),
    });
    expect((await bench.get('/version')).body).toBe('2.0.0');
  });

  test('of a first deployment leaves nobody with the traffic, and the next one goes well', async () => {
    const { context, proxy, init, said } = contextOf(bench.folder);
    const target = createServiceTarget(context);
    await runAll(target.steps);
    const [switchBack, ...others] = target.rollback;
    await switchBack!.run(signal);
    // Before its program is stopped: nobody is sent to where nothing listens.
    expect(proxy.read()).toMatchObject({ slot: null, upstream: null });
    expect((await init.status('staging.web.blue')).running).toBe(true);
    await runAll(others);
    expect((await bench.get('/')).status).toBe(503);
    expect(said).toContain('no release has the traffic: people are told so, with 503');
    expect(await target.status()).toMatchObject({ slot: null, version: null, health: 'unknown' });
    expect(await target.keep!(signal)).toMatchObject({ found: [], health: 'unknown' });
    await runAll(targetOf('a', 2).steps);
    expect((await bench.get('/version')).body).toBe('1.0.0');
  });

  test('of a first switch to what was staged leaves it staged, without the traffic', async () => {
    await runAll(targetOf('a', 1, { stage: true }).steps);
    const target = targetOf('a', 2, { operation: 'switch' });
    await runAll(target.steps);
    await runAll(target.rollback);
    const { proxy, init, context } = contextOf(bench.folder);
    expect(proxy.read().slot).toBeNull();
    expect((await init.status('staging.web.blue')).running).toBe(true);
    const { staged, live } = await openState(
      `${context.paths.state}/slots/staging.web.json`,
    ).read();
    expect([staged, live]).toEqual(['blue', null]);
  });

  test('of a first deployment says that there is nothing to go back to', async () => {
    const config = configOf({ watch: { for: 50, errors: 0.05, requests: 20 } });
    const target = targetOf('a', 1, { config });
    const [watch, verify] = target.steps.toReversed();
    await runAll(target.steps.slice(0, -2));
    await contextOf(bench.folder).init.stop('staging.web.blue', 0);
    for (const [step, reason] of [
      [verify, 'verify_failed'],
      [watch, 'watch_failed'],
    ] as const)
      await expect(step!.run(signal)).rejects.toMatchObject({
        reason,
        message: expect.stringMatching(/; there is no release to go back to$/),
      });
  });

  test('of a first deployment before anything was started asks nothing of a proxy that is away', async () => {
    const silent = () => Promise.reject(new Error('connect ECONNREFUSED'));
    const { context, proxy } = contextOf(bench.folder);
    const ports = { ...context.ports, proxy: Object.assign(proxy, { ensure: silent }) };
    const target = createServiceTarget({ ...context, ports });
    await expect(runAll(target.steps)).rejects.toThrow('ECONNREFUSED');
    Object.assign(proxy, { current: silent });
    await runAll(target.rollback);
    expect(await targetOf('a', 2).status()).toMatchObject({ slot: null });
  });
});

test('what a later deployment has replaced cannot be undone', async () => {
  await bench.commit('b', { 'server.js': serverSource(), VERSION: '2.0.0' });
  const first = targetOf('a', 1);
  await runAll(first.steps);
  await runAll(targetOf('b', 2).steps);
  await expect(runAll(first.rollback)).rejects.toMatchObject({ reason: 'no_backup' });
  expect((await bench.get('/version')).body).toBe('2.0.0');
});

async function treeOf({ paths }: TargetContext<ServiceConfig>, letter: string): Promise<string> {
  const folder = join(paths.state, 'releases/staging/web', shaOf(letter));
  const names = await readdir(folder);
  return join(
    folder,
    names.find((name) => name.startsWith('tree-'))!,
  );
}

function targetOf(
  letter: string,
  deployment: number,
  change: Partial<TargetContext<ServiceConfig>> = {},
) {
  return createServiceTarget(
    contextOf(bench.folder, { sha: shaOf(letter), deployment, ...change }).context,
  );
}

async function runAll(steps: readonly Step[]): Promise<void> {
  for (const step of steps) await step.run(signal);
}
