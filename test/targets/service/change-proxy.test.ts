import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ServiceConfig } from '../../../src/config/service.ts';
import { SallyportError } from '../../../src/model/errors.ts';
import type { Proxy, ProxyRoute } from '../../../src/ports/proxy.ts';
import { createServiceTarget } from '../../../src/targets/service/create-target.ts';
import { openState } from '../../../src/targets/service/state-file.ts';
import { FileProxy } from '../../support/file-proxy.ts';
import {
  configOf,
  contextOf,
  openBench,
  serverSource,
  shaOf,
  type Bench,
} from '../../support/service-bench.ts';

const signal = new AbortController().signal;
const route = 'staging.web';
let bench: Bench;
let old: FileProxy;
/** What was asked of both proxies, in order. */
let asked: string[];

beforeEach(async () => {
  asked = [];
  bench = await openBench();
  for (const [letter, version] of Object.entries({ a: '1.0.0\n', b: '2.0.0\n' })) {
    await bench.commit(letter, { 'server.js': serverSource(), VERSION: version });
  }
  await mkdir(join(bench.folder, 'old'));
  const none = { name: '', port: 81, slot: null, upstream: null, active: {} };
  await writeFile(join(bench.folder, 'old', 'proxy.json'), JSON.stringify(none));
  old = new FileProxy(join(bench.folder, 'old'));
});
afterEach(() => bench[Symbol.asyncDispose]());

/** The proxy, telling what it is asked; `refuses`: another program has the port. */
function told(name: string, proxy: FileProxy, refuses = false): Proxy {
  const ensure = async (wanted: ProxyRoute) => {
    asked.push(`${name} ensure`);
    if (!refuses) return await proxy.ensure(wanted);
    throw new SallyportError({ code: 'port_taken', message: 'port 81 is taken', hint: 'ss' });
  };
  return new Proxy(proxy, {
    get(target, key: keyof FileProxy) {
      if (key === 'ensure') return ensure;
      const value = target[key] as unknown;
      if (typeof value !== 'function') return value;
      return (...words: unknown[]): unknown => {
        if (key === 'switch' || key === 'remove') asked.push(`${name} ${key}`);
        return (value as (...all: unknown[]) => unknown).apply(target, words);
      };
    },
  });
}

interface Way {
  readonly driver: 'builtin' | 'nginx';
  readonly listen: number;
  readonly refuses?: boolean;
  readonly run?: ServiceConfig['run'];
  readonly build?: ServiceConfig['build'];
}

function targetOf(
  letter: string,
  deployment: number,
  { driver, listen, refuses, run, build }: Way,
) {
  const base = configOf({ ...(run && { run }), ...(build && { build }) });
  const config = { ...base, proxy: { ...base.proxy, driver, listen } };
  const { context } = contextOf(bench.folder, { sha: shaOf(letter), deployment, config });
  const proxies = { builtin: told('old', old), nginx: told('new', newOne(), refuses) };
  const proxyOf = (name: string) => Promise.resolve(proxies[name as 'builtin']);
  const ports = { ...context.ports, proxy: proxies[driver], proxyOf };
  return createServiceTarget({ ...context, ports });
}

function newOne(): FileProxy {
  return new FileProxy(bench.folder);
}

async function deploy(...words: Parameters<typeof targetOf>) {
  const target = targetOf(...words);
  for (const step of target.steps) {
    if (step.name === 'verify' && words[2].driver === 'builtin') continue;
    await step.run(signal);
  }
}

test('on one port the old proxy lets go right before the new one takes it, and people keep their slot', async () => {
  await deploy('a', 1, { driver: 'builtin', listen: 81 });
  asked = [];
  const target = targetOf('b', 2, { driver: 'nginx', listen: 81 });
  expect((await target.plan(signal)).reasons).toEqual([
    'port 81 goes from builtin to nginx: nobody answers there until nginx has it',
  ]);
  for (const step of target.steps) {
    await step.run(signal);
    if (step.name === 'start') expect(newOne().read().slot).toBe('blue');
  }
  expect(asked).toEqual(['old remove', 'new ensure', 'new switch', 'new switch']);
  expect(newOne().read().slot).toBe('green');
  expect(await old.current(route)).toBeNull();
  expect((await targetOf('b', 2, { driver: 'nginx', listen: 81 }).plan(signal)).changes).toEqual(
    [],
  );
});

test('killed in between, it goes on and people keep their slot', async () => {
  await deploy('a', 1, { driver: 'builtin', listen: 81 });
  await old.remove();
  await deploy('b', 2, { driver: 'nginx', listen: 81 });
  expect(newOne().read().slot).toBe('green');
});

test('where the new proxy cannot take the port, the old one has it again', async () => {
  await deploy('a', 1, { driver: 'builtin', listen: 81 });
  const before = old.read();
  const moving = deploy('b', 2, { driver: 'nginx', listen: 81, refuses: true });
  await expect(moving).rejects.toMatchObject({ reason: 'port_taken' });
  expect(old.read()).toEqual(before);
});

test('on another port the old proxy serves until the switch, and on where the deployment fails', async () => {
  await deploy('a', 1, { driver: 'builtin', listen: 81 });
  const before = old.read();
  const failing = targetOf('b', 2, { driver: 'nginx', listen: 82, run: ['/bin/false'] });
  const run = async () => {
    for (const step of failing.steps) await step.run(signal);
  };
  await expect(run()).rejects.toMatchObject({ reason: 'start_failed' });
  expect(old.read()).toEqual(before);
  for (const step of failing.rollback) await step.run(signal);
  expect(await newOne().current(route)).toBeNull();
  expect(old.read()).toEqual(before);

  asked = [];
  await deploy('b', 3, { driver: 'nginx', listen: 82 });
  expect(asked).toEqual(['new ensure', 'new switch', 'new switch', 'old remove']);
});

test.each([81, 82])(
  'a build that fails before the route came to port %i of the new proxy changes nothing',
  async (listen) => {
    await deploy('a', 1, { driver: 'builtin', listen: 81 });
    const before = old.read();
    asked = [];
    const failing = targetOf('b', 2, { driver: 'nginx', listen, build: ['/bin/false'] });
    const run = async () => {
      for (const step of failing.steps) await step.run(signal);
    };
    await expect(run()).rejects.toMatchObject({ reason: 'build_failed' });
    for (const step of failing.rollback) await step.run(signal);
    expect(asked).toEqual([]);
    expect(old.read()).toEqual(before);
    await deploy('b', 3, { driver: 'nginx', listen });
    expect(newOne().read().slot).toBe('green');
  },
);

test('while the deployment is at work the look beside it leaves the route where that took it', async () => {
  await deploy('a', 1, { driver: 'builtin', listen: 81 });
  const target = targetOf('b', 2, { driver: 'nginx', listen: 81 });
  const kept = targetOf('a', 1, { driver: 'builtin', listen: 81 });
  for (const step of target.steps) {
    await step.run(signal);
    if (step.name === 'start' || step.name === 'switch') {
      expect((await kept.keep!(signal)).found).toEqual([]);
    }
  }
  expect(newOne().read().slot).toBe('green');
});

test('after a deployment that went back, the look in between brings the route back too', async () => {
  await deploy('a', 1, { driver: 'builtin', listen: 81 });
  const failing = targetOf('b', 2, { driver: 'nginx', listen: 81 });
  for (const step of [...failing.steps, ...failing.rollback]) await step.run(signal);
  expect(newOne().read().slot).toBe('blue');
  const kept = await targetOf('a', 1, { driver: 'builtin', listen: 81 }).keep!(signal);
  expect(kept.found).toMatchObject([{ reason: 'drifted', mended: true }]);
  expect(old.read().slot).toBe('blue');
  expect(await newOne().current(route)).toBeNull();
  const { state } = contextOf(bench.folder).context.paths;
  const { route: held } = await openState(join(state, 'slots', `${route}.json`)).read();
  expect(held).toEqual({ driver: 'builtin', port: 81 });
});
