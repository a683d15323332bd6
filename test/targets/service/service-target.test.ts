import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createServiceTarget } from '../../../src/targets/service/create-target.ts';
import type { ServiceConfig } from '../../../src/config/service.ts';
import type { TargetContext } from '../../../src/targets/context.ts';
import type { Step } from '../../../src/targets/target.ts';
import {
  configOf,
  contextOf,
  openBench,
  serverSource,
  shaOf,
  type Bench,
} from '../../support/service-bench.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
  await bench.commit('a', { 'server.js': serverSource(), VERSION: '1.0.0\n' });
  await bench.commit('b', { 'server.js': serverSource(), VERSION: '2.0.0\n' });
});
afterEach(() => bench[Symbol.asyncDispose]());

const signal = new AbortController().signal;
async function runAll(steps: readonly Step[]): Promise<void> {
  for (const step of steps) await step.run(signal);
}

/** Runs all steps of a deployment and what comes after; the target and what it was made from. */
async function deploy(
  letter: string,
  deployment: number,
  change: Partial<TargetContext<ServiceConfig>> = {},
) {
  const made = makeTarget(letter, deployment, change);
  await runAll(made.target.steps);
  await runAll(made.target.settle);
  return made;
}

function makeTarget(
  letter: string,
  deployment: number,
  change: Partial<TargetContext<ServiceConfig>> = {},
) {
  const made = contextOf(bench.folder, { sha: shaOf(letter), deployment, ...change });
  return { ...made, target: createServiceTarget(made.context) };
}

test('a first deployment answers through the proxy as its version', async () => {
  const { target, said } = makeTarget('a', 1);
  expect((await target.plan(signal)).changes).toEqual([
    { action: 'add', resource: 'Service/web', breaking: false },
  ]);
  expect(await target.status()).toMatchObject({ health: 'unknown', slot: null, url: null });
  await runAll(target.steps);
  expect(await bench.get('/version')).toEqual({ status: 200, body: '1.0.0' });
  expect(said).toContain('slot blue: 2 of 2 probes');
  expect(await target.status()).toMatchObject({
    health: 'healthy',
    slot: 'blue',
    version: '1.0.0',
    sha: shaOf('a'),
  });
});

test('a VERSION file that is no version, however large, stops nobody', async () => {
  await bench.commit('c', { 'server.js': serverSource(), VERSION: 'x'.repeat(2000) });
  await deploy('c', 1);
  expect(await bench.get('/version')).toEqual({ status: 200, body: shaOf('c').slice(0, 7) });
});

test('the next one goes to the other slot, and the old one stays warm', async () => {
  await deploy('a', 1);
  const { proxy, init } = await deploy('b', 2);
  expect((await bench.get('/version')).body).toBe('2.0.0');
  expect(proxy.read().slot).toBe('green');
  expect(proxy.drained).toEqual(['blue']);
  expect((await init.status('staging.web.blue')).running).toBe(true);
});

test('what is live and healthy is not deployed again', async () => {
  const { init } = await deploy('a', 1);
  const before = await init.status('staging.web.blue');
  const { target } = makeTarget('a', 2);
  expect((await target.plan(signal)).changes).toEqual([]);
  await runAll(target.steps);
  expect(await init.status('staging.web.blue')).toEqual(before);
  await runAll(target.rollback);
  expect((await bench.get('/version')).body).toBe('1.0.0');
});

test('what is live but not healthy is deployed again, to the other slot', async () => {
  const { init } = await deploy('a', 1);
  await init.stop('staging.web.blue', 0);
  const { target } = makeTarget('a', 2);
  expect((await target.plan(signal)).changes[0]?.fields).toEqual(['health']);
  await runAll(target.steps);
  expect((await target.status()).slot).toBe('green');
});

test('back to the warm slot needs no fetch, no build and no start', async () => {
  const build = [process.execPath, '-e', `require('fs').appendFileSync('../../builds', 'x')`];
  const config = configOf({ build });
  const { init } = await deploy('a', 1, { config });
  const warm = await init.status('staging.web.blue');
  await deploy('b', 2, { config });
  const { git, said } = await deploy('a', 3, {
    config,
    operation: 'rollback',
    version: 'v1-tagged-later',
  });
  expect(await bench.get('/version')).toMatchObject({ body: '1.0.0' });
  expect(await init.status('staging.web.blue')).toEqual(warm);
  expect(git.fetches).toBe(0);
  expect(said).toContain('slot blue: 1.0.0 is warm');
  const folder = join(bench.folder, 'state/releases/staging/web');
  expect(await readFile(join(folder, 'builds'), 'utf8')).toBe('xx');
});

test('back to a slot whose program died starts the release that was kept', async () => {
  await deploy('a', 1);
  const { init } = await deploy('b', 2);
  await init.stop('staging.web.blue', 0);
  const { git } = await deploy('a', 3, { operation: 'rollback' });
  expect((await bench.get('/version')).body).toBe('1.0.0');
  expect(git.fetches).toBe(0);
});

test('programs get their environment, secrets from the host, and nothing of the agent', async () => {
  await mkdir(join(bench.folder, 'env', '1.0.0'), { recursive: true });
  await writeFile(join(bench.folder, 'env', 'web.env'), 'TOKEN=common\nKEY=common\nOTHER=1');
  await writeFile(join(bench.folder, 'env', '1.0.0', 'web.env'), 'TOKEN=own');
  const env = { clear: { LOG_LEVEL: 'info' }, secret: ['TOKEN', 'KEY'] };
  const given = { inherited: { PATH: '/bin', X: '1' }, params: { replicas: '3' } };
  await deploy('a', 1, { config: configOf({ env }), ...given });
  const told = JSON.parse((await bench.get('/env')).body) as Record<string, string>;
  const { PORT, SALLYPORT_UNIT, ...rest } = told;
  expect(Number(PORT)).toBeGreaterThan(0);
  expect(SALLYPORT_UNIT).toMatch(/^staging\.web\.blue:/);
  expect(rest).toEqual({
    PATH: '/bin',
    LOG_LEVEL: 'info',
    TOKEN: 'own',
    KEY: 'common',
    SALLYPORT_SLOT: 'blue',
    SALLYPORT_VERSION: '1.0.0',
    SALLYPORT_SHA: shaOf('a'),
    SALLYPORT_ENV_ROOT: join(bench.folder, 'env', '1.0.0'),
    SALLYPORT_PARAM_REPLICAS: '3',
  });
});

test('other parameters, or force, start the same commit anew in the other slot', async () => {
  await deploy('a', 1, { params: { replicas: '3' } });
  const slot = async () =>
    (JSON.parse((await bench.get('/env')).body) as Record<string, string>)['SALLYPORT_SLOT'];
  await deploy('a', 2, { params: { replicas: '3' } });
  expect(await slot()).toBe('blue');
  await deploy('a', 3, { params: { replicas: '4' } });
  expect(await slot()).toBe('green');
  await deploy('a', 4, { params: { replicas: '4' }, isForced: true });
  expect(await slot()).toBe('blue');
});

test('build and test run in the release, and their logs and exit codes are kept', async () => {
  const node = (script: string) => [process.execPath, '-e', script] as [string, ...string[]];
  const build = node(
    `console.log('built {version} {release}'); require('fs').writeFileSync('out', '')`,
  );
  const config = configOf({ build, test: node(`console.log('tested')`) });
  await deploy('a', 1, { config });
  const folder = join(bench.folder, 'state/releases/staging/web', shaOf('a'));
  const tree = (await readdir(folder)).find((name) => name.startsWith('tree-'))!;
  expect(await readFile(join(folder, 'build.log'), 'utf8')).toBe(
    `built 1.0.0 ${join(folder, tree)}\n`,
  );
  expect(await readFile(join(folder, 'test.log'), 'utf8')).toBe('tested\n');
  await access(join(folder, tree, 'out'));
  const result = JSON.parse(await readFile(join(folder, 'result.json'), 'utf8')) as unknown;
  expect(result).toMatchObject({
    trees: { [tree.slice(5)]: { build: { status: 0 }, test: { status: 0 } } },
  });
});

test('a failed build starts afresh the next time', async () => {
  const script = `const fs = require('fs'); if (fs.existsSync('left')) process.exit(9); fs.writeFileSync('left', ''); process.exit(1)`;
  const config = configOf({ build: [process.execPath, '-e', script] });
  await expect(deploy('a', 1, { config })).rejects.toMatchObject({ reason: 'build_failed' });
  await expect(deploy('a', 2, { config })).rejects.toThrow(/ended with 1$/);
});

test('old releases are pruned, those in the slots never', async () => {
  for (const [at, letter] of ['a', 'b', 'c', 'd'].entries()) {
    await bench.commit(letter, { 'server.js': serverSource() });
    await deploy(letter, at + 1, { config: configOf({ keep: 2 }) });
  }
  const left = await readdir(join(bench.folder, 'state/releases/staging/web'));
  expect(left.toSorted()).toEqual([shaOf('c'), shaOf('d')]);
});

test('a port that another program has is refused with its name', async () => {
  const foreign = createServer();
  await new Promise<void>((resolve) => void foreign.listen(0, '127.0.0.1', resolve));
  const { port } = foreign.address() as { port: number };
  const config = configOf({ ports: { blue: port, green: 0 } });
  await expect(deploy('a', 1, { config })).rejects.toMatchObject({
    reason: 'port_taken',
    message: expect.stringContaining(`(pid ${process.pid})`),
  });
  foreign.close();
});
