import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createServiceTarget } from '../../../src/targets/service/create-target.ts';
import { findLive } from '../../../src/targets/service/traffic.ts';
import { worldOf } from '../../../src/targets/service/world.ts';
import {
  configOf,
  contextOf,
  openBench,
  serverSource,
  shaOf,
  type Bench,
} from '../../support/service-bench.ts';

const signal = new AbortController().signal;
/** Adds a line to a file in `deps`, in place. */
const build = [
  process.execPath,
  '-e',
  `const fs = require('fs'); fs.mkdirSync('deps', { recursive: true }); fs.appendFileSync('deps/list', '{version} ')`,
] as [string, ...string[]];

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
  await bench.commit('a', { 'server.js': serverSource(), VERSION: '1.0.0' });
  await bench.commit('b', { 'server.js': serverSource(), VERSION: '2.0.0' });
});
afterEach(() => bench[Symbol.asyncDispose]());

/** Deploys; the tree that has the traffic then. */
async function deploy(letter: string, deployment: number, share: readonly string[]) {
  const config = configOf({ build, share });
  const made = contextOf(bench.folder, { sha: shaOf(letter), deployment, config });
  for (const step of createServiceTarget(made.context).steps) await step.run(signal);
  const { tree } = (await findLive(worldOf(made.context)))!.slot;
  return { tree, said: made.said };
}

const listIn = (tree: string) => readFile(join(tree, 'deps/list'), 'utf8');

test('a release begins with the shared folders of the last one, which stays as it was', async () => {
  const first = await deploy('a', 1, ['deps']);
  const second = await deploy('b', 2, ['deps']);
  expect(await listIn(second.tree)).toBe('1.0.0 2.0.0 ');
  expect(await listIn(first.tree)).toBe('1.0.0 ');
  expect(second.said).toContain('deps begins as the last release left it');
});

test('without that, each begins anew', async () => {
  await deploy('a', 1, []);
  const { tree } = await deploy('b', 2, []);
  expect(await listIn(tree)).toBe('2.0.0 ');
});

test('what the commit has itself is not replaced', async () => {
  await deploy('a', 1, ['deps']);
  await bench.commit('c', { 'server.js': serverSource(), VERSION: '3.0.0', 'deps/list': 'own ' });
  const { tree } = await deploy('c', 2, ['deps']);
  expect(await listIn(tree)).toBe('own 3.0.0 ');
});

test('links lead nowhere outside: neither what is taken over nor where it goes', async () => {
  const outside = join(bench.folder, 'outside');
  await mkdir(join(outside, 'inner'), { recursive: true });
  await writeFile(join(outside, 'secret'), 'secret');
  const { tree } = await deploy('a', 1, []);
  await symlink(outside, join(tree, 'taken'));
  await mkdir(join(tree, 'led/made'), { recursive: true });
  await writeFile(join(tree, 'led/made/file'), 'x');
  await bench.commit('c', { 'server.js': serverSource(), VERSION: '3.0.0' });
  await symlink(outside, join(bench.folder, 'remote', shaOf('c'), 'led'));
  const { said } = await deploy('c', 2, ['taken', 'led/made']);
  expect(said.filter((line) => line.includes('begins'))).toEqual([]);
  await expect(readFile(join(outside, 'made/file'))).rejects.toThrow(/ENOENT/);
});
