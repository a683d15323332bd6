import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ServiceConfig } from '../../../src/config/service.ts';
import type { Init, ServiceStatus } from '../../../src/ports/init.ts';
import type { TargetContext } from '../../../src/targets/context.ts';
import { createServiceTarget } from '../../../src/targets/service/create-target.ts';
import { openState } from '../../../src/targets/service/state-file.ts';
import type { KeepReport, Target } from '../../../src/targets/target.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import {
  configOf,
  contextOf,
  openBench,
  serverSource,
  shaOf,
  type Bench,
} from '../../support/service-bench.ts';

let bench: Bench;
let clock: VirtualClock;
beforeEach(async () => {
  clock = new VirtualClock();
  bench = await openBench();
  await bench.commit('a', { 'server.js': serverSource(), VERSION: '1.0.0\n' });
  await bench.commit('b', { 'server.js': serverSource(), VERSION: '2.0.0\n' });
});
afterEach(() => bench[Symbol.asyncDispose]());

const signal = new AbortController().signal;
const blue = 'staging.web.blue';
const green = 'staging.web.green';

async function deploy(letter: string, deployment: number, change = {}) {
  const made = contextOf(bench.folder, { sha: shaOf(letter), deployment, ...change });
  const target = createServiceTarget(made.context);
  for (const step of [...target.steps, ...target.settle]) await step.run(signal);
  return made;
}

/** The service as the agent keeps it, with a time of its own. */
function keeperOf(deployment: number, ports: Partial<TargetContext['ports']> = {}): Target {
  const { context } = contextOf(bench.folder, { deployment });
  return createServiceTarget({ ...context, ports: { ...context.ports, ...ports, clock } });
}

/** Looks, as the agent does, until it has this to say of it. */
async function lookUntil(
  target: Target,
  health: KeepReport['health'],
): Promise<KeepReport['found']> {
  const found: KeepReport['found'][number][] = [];
  for (let count = 0; count < 400; count += 1) {
    const report = await target.keep!(signal);
    found.push(...report.found);
    if (report.health === health && report.againInMs === null) return found;
    // What is looked at so soon is a program that starts: its time is the real one.
    const isStarting = report.againInMs !== null && report.againInMs < 500;
    clock.advance(isStarting ? 10 : (report.againInMs ?? 5000));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`it is not ${health}: ${JSON.stringify(found)}`);
}

/** Another program that listens there, and answers. */
async function occupy(port: number): Promise<Server> {
  const foreign = createServer((_request, response) => void response.end('foreign'));
  // What the killed program leaves behind goes in its own time.
  await expect
    .poll(
      () =>
        new Promise(
          (resolve) =>
            void foreign
              .once('error', () => resolve(false))
              .listen(port, '127.0.0.1', () => resolve(true)),
        ),
    )
    .toBe(true);
  return foreign;
}

test('another program took the port that Sallyport chose: another one is, and nobody is sent to that program', async () => {
  const { init, proxy, context } = await deploy('a', 1);
  const { slots } = await openState(`${context.paths.state}/slots/staging.web.json`).read();
  await kill(init, blue);
  const foreign = await occupy(slots.blue!.port);
  const target = keeperOf(1, { init });
  const { found } = await target.keep!(signal);
  expect(found).toMatchObject([
    { reason: 'start_failed', message: expect.stringMatching(/ on port \d+, as \d+ is taken$/) },
  ]);
  expect(proxy.read().slot).toBeNull();
  const later = await lookUntil(target, 'healthy');
  expect(later.map(({ message }) => message)).toContain(
    'the proxy sends traffic to no slot; slot blue has it again',
  );
  expect(await bench.get('/version')).toEqual({ status: 200, body: '1.0.0' });
  // The next deployment knows of it.
  await deploy('b', 2);
  expect(await bench.get('/version')).toEqual({ status: 200, body: '2.0.0' });
  foreign.close();
});

test('another program took the port that people chose: it is named, and when it has gone all is well', async () => {
  const foreign = await occupy(0);
  const { port } = foreign.address() as AddressInfo;
  foreign.close();
  const { init, proxy } = await deploy('a', 1, {
    config: configOf({ ports: { blue: port, green: 0 } }),
  });
  await kill(init, blue);
  const taking = await occupy(port);
  const target = keeperOf(1, { init });
  expect((await target.keep!(signal)).found).toMatchObject([
    {
      reason: 'port_taken',
      message: expect.stringMatching(
        new RegExp(
          `could not be started again: port ${port} of slot blue is taken by .+ \\(pid ${process.pid}\\)`,
        ),
      ),
      mended: false,
    },
  ]);
  expect(proxy.read().slot).toBeNull();
  taking.close();
  await lookUntil(target, 'healthy');
  expect(await bench.get('/version')).toEqual({ status: 200, body: '1.0.0' });
});

test('another program took the port of what fell back: people stay where they went', async () => {
  await deploy('a', 1);
  const { init, proxy, context } = await deploy('b', 2);
  const { slots } = await openState(`${context.paths.state}/slots/staging.web.json`).read();
  await kill(init, green);
  const foreign = await occupy(slots.green!.port);
  expect((await keeperOf(2, { init }).keep!(signal)).found).toMatchObject([
    { reason: 'fell_back' },
    { reason: 'start_failed', message: expect.stringMatching(/ as \d+ is taken$/) },
  ]);
  expect(proxy.read().slot).toBe('blue');
  foreign.close();
});

test('a deployment that comes where nobody has the traffic sends nobody to what ended, and tries no canary', async () => {
  const { init, proxy } = await deploy('a', 1);
  await kill(init, blue);
  await proxy.clear();
  const canary = { share: 0.5, for: 50, errors: 0.1, requests: 1, sticky: false };
  const { context } = contextOf(bench.folder, {
    sha: shaOf('b'),
    deployment: 2,
    config: configOf({ canary }),
  });
  const refuse = () => Promise.reject(new Error('another slot must have the traffic'));
  const ports = { ...context.ports, proxy: Object.assign(proxy, { weights: refuse }) };
  for (const step of createServiceTarget({ ...context, ports }).steps) {
    const isBefore = proxy.read().slot === null;
    await step.run(signal);
    if (isBefore && step.name !== 'switch') expect(proxy.read().upstream).toBeNull();
  }
  expect(proxy.read().slot).toBe('green');
});

test('what is as it should be is left alone', async () => {
  const { init } = await deploy('a', 1);
  const before = await init.status(blue);
  expect(await lookUntil(keeperOf(1), 'healthy')).toEqual([]);
  expect(await init.status(blue)).toEqual(before);
});

test('what an older version deployed is kept too, by the rules that hold where nobody says otherwise', async () => {
  const { init } = await deploy('a', 1);
  const { liveness: _, init: __, preview: ___, ...old } = configOf();
  const { context } = contextOf(bench.folder, { config: old as ServiceConfig });
  const target = createServiceTarget({ ...context, ports: { ...context.ports, clock } });
  await kill(init, blue);
  expect(await lookUntil(target, 'healthy')).toMatchObject([
    { message: 'slot blue: the program ended with SIGKILL; started again' },
    { reason: 'healed' },
  ]);
});

test('a service that was never deployed is nothing to keep', async () => {
  expect(await keeperOf(1).keep!(signal)).toMatchObject({ found: [], health: 'unknown' });
});

test('a program that was killed is started again, and what it printed last is told without secrets', async () => {
  await mkdir(join(bench.folder, 'env'));
  await writeFile(join(bench.folder, 'env', 'x.env'), 'TOKEN=hunter2');
  const source = serverSource(`console.log('token=' + process.env.TOKEN);`);
  await bench.commit('a', { 'server.js': source, VERSION: '1.0.0\n' });
  const config = configOf({ env: { clear: {}, secret: ['TOKEN'] } });
  const { init } = await deploy('a', 1, { config });
  await kill(init, blue);
  const found = await lookUntil(keeperOf(1, { init }), 'healthy');
  expect(found).toMatchObject([
    {
      reason: 'start_failed',
      message: 'slot blue: the program ended with SIGKILL; started again',
      mended: false,
    },
    { reason: 'healed', mended: true },
  ]);
  expect(found[0]?.details).toEqual(['starting 1.0.0', 'token=[redacted]']);
  expect(await bench.get('/version')).toEqual({ status: 200, body: '1.0.0' });
});

test('the live program ends: the warm release has the traffic at once, and keeps it', async () => {
  await deploy('a', 1);
  const { init, proxy } = await deploy('b', 2);
  await kill(init, green);
  const target = keeperOf(2, { init });
  const [fell, again] = (await target.keep!(signal)).found;
  expect(fell).toMatchObject({ reason: 'fell_back', mended: false });
  expect(fell?.message).toContain('traffic fell back to blue (1.0.0)');
  expect(again).toMatchObject({ reason: 'start_failed' });
  expect(proxy.read().slot).toBe('blue');
  expect(await bench.get('/version')).toEqual({ status: 200, body: '1.0.0' });

  expect(await lookUntil(target, 'degraded')).toEqual([]);
  expect((await init.status(green)).running).toBe(true);
  expect(proxy.read().slot).toBe('blue');
  expect(await keeperOf(2).keep!(signal)).toMatchObject({
    health: 'degraded',
    why: 'traffic fell back from green to blue: the program ended with SIGKILL',
  });
});

test('what fell back is not mended by deploying what died once more', async () => {
  await deploy('a', 1);
  const { init, proxy } = await deploy('b', 2);
  await kill(init, green);
  await keeperOf(2, { init }).keep!(signal);
  const { pid } = await init.status(green);
  for (const heal of [1, 2, 3]) {
    await expect(deploy('b', 2, { heal })).rejects.toMatchObject({ reason: 'fell_back' });
  }
  expect(proxy.read().slot).toBe('blue');
  expect((await init.status(green)).pid).toBe(pid);
  await deploy('b', 3);
  expect(proxy.read().slot).toBe('green');
});

test('what fell back goes forward again only when that one ends too', async () => {
  await deploy('a', 1);
  const { init, proxy, context } = await deploy('b', 2);
  const target = keeperOf(2);
  await kill(init, green);
  await target.keep!(signal);
  const { slots } = await openState(`${context.paths.state}/slots/staging.web.json`).read();
  await expect.poll(() => isUp(slots.green!.port)).toBe(true);
  expect(await target.keep!(signal)).toMatchObject({ found: [], health: 'degraded' });
  await kill(init, blue);
  expect((await target.keep!(signal)).found).toMatchObject([
    { reason: 'fell_back' },
    { reason: 'start_failed' },
  ]);
  expect(proxy.read().slot).toBe('green');
  expect(await lookUntil(target, 'healthy')).toEqual([]);
});

test('the proxy forgot the route, or was switched by hand: traffic is where it belongs again', async () => {
  await deploy('a', 1);
  const { proxy, context } = await deploy('b', 2);
  await openState(`${context.paths.state}/slots/staging.web.json`).change({ live: 'green' });
  const upstream = proxy.read().upstream!;
  const target = keeperOf(2);

  await proxy.remove();
  expect((await target.keep!(signal)).found).toMatchObject([
    { reason: 'drifted', message: expect.stringContaining('no route'), mended: true },
  ]);
  expect(proxy.read()).toMatchObject({ slot: 'green', upstream });

  await proxy.switch('staging.web', 'blue', { host: '127.0.0.1', port: 9 });
  expect((await target.keep!(signal)).found).toMatchObject([
    { message: 'the proxy sends traffic to blue, not to green; slot green has it again' },
  ]);
  expect(proxy.read()).toMatchObject({ slot: 'green', upstream });
});

test('no slot is taken for healthy on the word of a file: the route stays as it is, and that is told', async () => {
  const { proxy, init, context } = await deploy('a', 1);
  await openState(`${context.paths.state}/slots/staging.web.json`).change({ live: 'blue' });
  await proxy.remove();
  const bad = async () => ({ status: 500, body: '', error: null, durationMs: 1 });
  const target = keeperOf(1, { probe: { get: bad, send: bad } });
  expect(await target.keep!(signal)).toMatchObject({ found: [], health: 'progressing' });
  clock.advance(5000);
  const { found, health } = await target.keep!(signal);
  expect(found).toMatchObject([
    { reason: 'unhealthy', message: expect.stringContaining('GET /: 500; started again') },
  ]);
  expect(health).toBe('unhealthy');
  expect(await proxy.current('staging.web')).toBeNull();
  expect((await init.status(blue)).running).toBe(true);
});

test('a program that ends again and again is started after longer and longer pauses, one at a time', async () => {
  const { context } = await deploy('a', 1);
  await kill(context.ports.init, blue);
  const starts: number[] = [];
  let starting = 0;
  const began = clock.now();
  const init = {
    ...context.ports.init,
    status: async (): Promise<ServiceStatus> => ({ running: false, pid: null, ended: 1 }),
    lines: async () => [],
    stop: async () => undefined,
    start: async () => {
      expect((starting += 1)).toBe(1);
      await Promise.resolve();
      starts.push((clock.now() - began) / 1000);
      starting -= 1;
    },
  };
  const target = keeperOf(1, { init: init as never });
  while (clock.now() - began < 200_000) {
    clock.advance((await target.keep!(signal)).againInMs ?? 5000);
  }
  const pauses = starts.slice(1).map((at, index) => Math.floor(at - starts[index]!));
  expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
});

test('while a later deployment is at work, only the slot with the traffic is kept', async () => {
  const { init } = await deploy('a', 1);
  const next = createServiceTarget(
    contextOf(bench.folder, { sha: shaOf('b'), deployment: 2 }).context,
  );
  for (const step of next.steps.filter(({ name }) => !['switch', 'verify'].includes(name))) {
    await step.run(signal);
  }
  await kill(init, green);
  await kill(init, blue);
  expect(await lookUntil(keeperOf(1, { init }), 'healthy')).toMatchObject([
    { message: 'slot blue: the program ended with SIGKILL; started again' },
    { reason: 'healed' },
  ]);
  expect((await init.status(green)).running).toBe(false);
});

test('a deployment that goes back had no room to write that down: the traffic stays where it went', async () => {
  const { init } = await deploy('a', 1);
  const { context, proxy } = await deploy('b', 2);
  const state = openState(`${context.paths.state}/slots/staging.web.json`);
  const { slots } = await state.read();
  await proxy.switch('staging.web', 'blue', { host: '127.0.0.1', port: slots.blue!.port });
  const target = keeperOf(1, { init });
  expect(await lookUntil(target, 'healthy')).toEqual([]);
  expect(proxy.read().slot).toBe('blue');
  await kill(init, 'staging.web.blue');
  expect(await lookUntil(target, 'healthy')).toMatchObject([
    { message: 'slot blue: the program ended with SIGKILL; started again' },
    { reason: 'healed' },
  ]);
  expect(proxy.read().slot).toBe('blue');
});

test('the proxy cannot be asked: it is told once, and nobody is stopped', async () => {
  const { init, context } = await deploy('a', 1);
  await openState(`${context.paths.state}/slots/staging.web.json`).change({ live: 'blue' });
  const silent = () => Promise.reject(new Error('connect ECONNREFUSED'));
  const target = keeperOf(1, { proxy: { current: silent, ensure: silent } as never });
  const { found, health } = await target.keep!(signal);
  expect(found).toMatchObject([
    { mended: false, message: expect.stringContaining('ECONNREFUSED') },
  ]);
  expect(health).toBe('unhealthy');
  expect((await init.status(blue)).running).toBe(true);
});

async function isUp(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/`).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function kill(init: Init, unit: string): Promise<void> {
  await init.signal(unit, 'SIGKILL');
  await expect.poll(async () => (await init.status(unit)).running, { interval: 5 }).toBe(false);
}
