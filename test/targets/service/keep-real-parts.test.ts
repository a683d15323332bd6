import { writeFile } from 'node:fs/promises';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { builtinProxy } from '../../../src/adapters/proxy/builtin/builtin-proxy.ts';
import { proxyFiles } from '../../../src/adapters/proxy/builtin/control-messages.ts';
import { stopProxy } from '../../../src/adapters/proxy/builtin/stop-proxy.ts';
import { createServiceTarget } from '../../../src/targets/service/create-target.ts';
import { openState } from '../../../src/targets/service/state-file.ts';
import type { Kept, Target } from '../../../src/targets/target.ts';
import { configOf, contextOf, serverSource, shaOf } from '../../support/service-bench.ts';

const signal = new AbortController().signal;
const entry = join(import.meta.dirname, '../../../src/bin/proxy.ts');
let folder = '';
let state = '';

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-keep-'));
  state = join(folder, 'state');
  await writeFile(join(folder, 'proxy.json'), '{}');
  for (const [letter, version] of [
    ['a', '1.0.0'],
    ['b', '2.0.0'],
  ] as const) {
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
function targetOf(letter: string, deployment: number) {
  const { context, init } = contextOf(folder, {
    sha: shaOf(letter),
    deployment,
    config: configOf({ drain: 0 }),
  });
  const proxy = builtinProxy({ state, entry: [entry], host: '127.0.0.1' });
  return {
    init,
    proxy,
    target: createServiceTarget({ ...context, ports: { ...context.ports, proxy } }),
  };
}

async function deployBoth() {
  for (const [at, letter] of ['a', 'b'].entries()) {
    const { target } = targetOf(letter, at + 1);
    for (const step of [...target.steps, ...target.settle]) await step.run(signal);
  }
  const made = targetOf('b', 2);
  return { ...made, url: (await made.target.status()).url! };
}

/** Looks as the agent does, until people are served; what was found, and after how long, in ms. */
async function keepUntil(target: Target, url: string, version: string) {
  const began = performance.now();
  const found: Kept[] = [];
  while (performance.now() - began < 10_000) {
    const report = await target.keep!(signal);
    found.push(...report.found);
    if ((await told(url)) === version) return { found, tookMs: performance.now() - began };
    await new Promise((resolve) => setTimeout(resolve, Math.min(report.againInMs ?? 1000, 1000)));
  }
  throw new Error(`nobody is served ${version}: ${JSON.stringify(found)}`);
}

test('programs are killed: the warm release serves at once; with all gone, as after a reboot, people are served within 5 s', async () => {
  const { proxy, target, url } = await deployBoth();
  await kill('staging.web.green');
  const fell = await keepUntil(target, url, '1.0.0');
  expect(fell.found[0]).toMatchObject({ reason: 'fell_back' });

  await kill('staging.web.blue');
  await kill('staging.web.green');
  process.kill(proxyPid(), 'SIGKILL');
  // Nothing of the agent before is left, either.
  const { target: anew } = targetOf('b', 2);
  const { tookMs } = await keepUntil(anew, url, '1.0.0');
  expect(tookMs).toBeLessThan(5000);
  expect((await proxy.current('staging.web'))?.slot).toBe('blue');
}, 30_000);

test('a proxy that was switched by hand, or killed, sends the traffic where it belongs again', async () => {
  const { proxy, target, url } = await deployBoth();
  const { slots } = await openState(join(state, 'slots', 'staging.web.json')).read();
  await proxy.switch('staging.web', 'blue', { host: '127.0.0.1', port: slots.blue!.port });
  expect(await told(url)).toBe('1.0.0');
  const { found } = await keepUntil(target, url, '2.0.0');
  expect(found).toMatchObject([{ reason: 'drifted', mended: true }]);

  const before = proxyPid();
  process.kill(before, 'SIGKILL');
  await keepUntil(target, url, '2.0.0');
  expect(proxyPid()).not.toBe(before);
}, 30_000);

async function kill(unit: string): Promise<void> {
  const { init } = contextOf(folder);
  if ((await init.status(unit)).running) await init.signal(unit, 'SIGKILL');
  await expect.poll(async () => (await init.status(unit)).running, { interval: 5 }).toBe(false);
}

function proxyPid(): number {
  return Number.parseInt(readFileSync(proxyFiles(state).lock, 'utf8'), 10);
}

async function told(url: string): Promise<string | null> {
  return await fetch(`${url}/version`, { signal: AbortSignal.timeout(2000) }).then(
    async (answer) => (answer.ok ? await answer.text() : null),
    () => null,
  );
}
