import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { builtinProxy } from '../../../src/adapters/proxy/builtin/builtin-proxy.ts';
import { proxyFiles } from '../../../src/adapters/proxy/builtin/control-messages.ts';
import { stopProxy } from '../../../src/adapters/proxy/builtin/stop-proxy.ts';
import type { Proxy as ProxyPort } from '../../../src/ports/proxy.ts';
import { createServiceTarget } from '../../../src/targets/service/create-target.ts';
import type { Target } from '../../../src/targets/target.ts';
import { FileProxy } from '../../support/file-proxy.ts';
import { configOf, contextOf, serverSource, shaOf } from '../../support/service-bench.ts';

const signal = new AbortController().signal;
const entry = join(import.meta.dirname, '../../../src/bin/proxy.ts');
const text = 'We are <moving>.';
let folder = '';
let state = '';

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-stops-'));
  state = join(folder, 'state');
  const none = { name: '', port: 1, slot: null, upstream: null, active: {} };
  await writeFile(join(folder, 'proxy.json'), JSON.stringify(none));
  for (const [letter, version] of Object.entries({ a: '1.0.0', b: '2.0.0' })) {
    const commit = join(folder, 'remote', shaOf(letter));
    mkdirSync(commit, { recursive: true });
    await writeFile(join(commit, 'server.js'), serverSource());
    await writeFile(join(commit, 'VERSION'), version);
  }
});
afterEach(async () => {
  const { init } = contextOf(folder);
  await init.stop('staging.web.blue', 0);
  await init.stop('staging.web.green', 0);
  await stopProxy(state);
  rmSync(folder, { recursive: true, force: true });
});

/** As a new agent makes it, with the embedded proxy as a process of its own. */
function targetOf(letter: string, deployment: number, proxy?: ProxyPort): Target {
  const config = configOf({ drain: 0 });
  const { context } = contextOf(folder, { sha: shaOf(letter), deployment, config });
  const own = proxy ?? proxyOf();
  return createServiceTarget({ ...context, ports: { ...context.ports, proxy: own } });
}

function proxyOf(): ProxyPort {
  return builtinProxy({ state, entry: [entry], host: '127.0.0.1' });
}

async function deploy(letter: string, deployment: number, proxy?: ProxyPort): Promise<Target> {
  const target = targetOf(letter, deployment, proxy);
  for (const step of [...target.steps, ...target.settle]) await step.run(signal);
  return target;
}

async function told(url: string): Promise<string> {
  const answer = await fetch(`${url}/version`, { signal: AbortSignal.timeout(5000) });
  return `${answer.status} ${await answer.text()}`;
}

test('a maintenance stays over a deployment and a proxy that forgot all, until it is lifted', async () => {
  const first = await deploy('a', 1);
  const url = (await first.status()).url!;
  await first.stops!.check('maintenance');
  await first.stops!.set({ kind: 'maintenance', text }, 'ada');
  expect(await told(url)).toMatch(/^503 .*We are <moving>\./);

  const second = await deploy('b', 2);
  expect(await told(url)).toMatch(/^503 .*We are <moving>\./);
  expect((await second.status()).stops).toEqual([
    { kind: 'maintenance', text, by: 'ada', since: expect.any(Number) },
  ]);

  const { lock, folder: proxy } = proxyFiles(state);
  process.kill(Number.parseInt(readFileSync(lock, 'utf8'), 10), 'SIGKILL');
  rmSync(proxy, { recursive: true });
  const anew = targetOf('b', 2);
  await anew.keep!(signal);
  const after = (await anew.status()).url!;
  expect(await told(after)).toMatch(/^503 .*We are <moving>\./);

  await anew.stops!.lift('maintenance');
  await anew.stops!.lift('maintenance');
  expect(await told(after)).toBe('200 2.0.0');
  expect((await anew.status()).stops).toEqual([]);
}, 30_000);

test('a maintenance that begins while a release is proved does not fail its deployment', async () => {
  const first = await deploy('a', 1);
  const own = proxyOf();
  let isLate = false;
  // The look before it says that traffic goes on; the request after it is answered with 503.
  const current: ProxyPort['current'] = async (name) => {
    const status = await own.current(name);
    if (!isLate || status === null) return status;
    isLate = false;
    return { ...status, maintenance: null };
  };
  const second = targetOf('b', 2, { ...own, current });
  for (const step of second.steps) {
    isLate = step.name === 'verify';
    if (isLate) await first.stops!.set({ kind: 'maintenance', text }, 'ada');
    await step.run(signal);
  }
  expect(await second.status()).toMatchObject({ version: '2.0.0', stops: [{ by: 'ada' }] });
}, 30_000);

test('another proxy that gets the route is told of the maintenance first', async () => {
  const first = await deploy('a', 1);
  await first.stops!.set({ kind: 'maintenance', text }, 'ada');
  const [nginx, asked] = [new FileProxy(folder), [] as string[]];
  const tell = async (name: string, said: string | null) => {
    asked.push(nginx.read().slot ?? 'no slot');
    await nginx.maintenance(name, said);
  };
  const told = new Proxy(nginx, {
    get: (proxy, key: keyof FileProxy) =>
      key === 'maintenance' ? tell : (proxy[key] as () => unknown).bind(proxy),
  });
  const config = configOf({ drain: 0 });
  const { context } = contextOf(folder, {
    sha: shaOf('b'),
    deployment: 2,
    config: { ...config, proxy: { ...config.proxy, driver: 'nginx' } },
  });
  const ports = { ...context.ports, proxy: told, proxyOf: () => Promise.resolve(proxyOf()) };
  const second = createServiceTarget({ ...context, ports });
  for (const step of [...second.steps, ...second.settle]) {
    // By the release that stands, which knows of the old proxy only.
    if (step.name === 'switch')
      await first.stops!.set({ kind: 'maintenance', text: 'Soon.' }, 'bob');
    await step.run(signal);
  }
  expect(asked).toEqual(['no slot', 'blue']);
  expect(nginx.read()).toMatchObject({ slot: 'green', maintenance: 'Soon.' });
  expect((await second.status()).stops).toMatchObject([{ kind: 'maintenance', by: 'bob' }]);
}, 30_000);

test('held requests wait until they are let go, and then nobody has missed anything', async () => {
  const target = await deploy('a', 1);
  const url = (await target.status()).url!;
  await target.stops!.check('hold');
  await target.stops!.set({ kind: 'hold', forMs: 30_000 }, 'ada');
  expect((await target.status()).stops).toEqual([
    { kind: 'hold', forMs: 30_000, by: 'ada', since: expect.any(Number) },
  ]);
  const answer = told(url);
  const early = await Promise.race([
    answer,
    new Promise((resolve) => setTimeout(resolve, 200, 'it waits')),
  ]);
  expect(early).toBe('it waits');
  await target.stops!.lift('hold');
  expect(await answer).toBe('200 1.0.0');
  expect((await target.status()).stops).toEqual([]);
}, 30_000);

test('a proxy that cannot hold, and a service without a route, are refused before anything changes', async () => {
  const proxy = new FileProxy(folder);
  const target = targetOf('a', 1, proxy);
  await expect(target.stops!.check('maintenance')).rejects.toMatchObject({ code: 'route_missing' });
  await proxy.ensure({ name: 'staging.web', listen: 0 });
  await expect(target.stops!.check('hold')).rejects.toMatchObject({
    code: 'not_supported',
    hint: expect.stringContaining('sallyport maintenance staging web --on'),
  });
  // Somebody told the proxy by other means: that is shown, too.
  await proxy.maintenance('staging.web', text);
  expect((await target.status()).stops).toEqual([
    { kind: 'maintenance', text, by: null, since: null },
  ]);
});
