import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FilesBench, writeFiles } from '../../support/files-bench.ts';

let bench: FilesBench;
const { signal } = new AbortController();

beforeEach(async () => {
  bench = await FilesBench.open();
});
afterEach(() => bench[Symbol.asyncDispose]());

test('a commit comes to the destination, and a plan says so before', async () => {
  await bench.commit('a', { 'layers/a.yaml': 'name: a\n', run: '#!/bin/sh\n' });
  expect(await bench.target('a', 1).plan(signal)).toMatchObject({
    risk: 'low',
    changes: [
      { action: 'add', resource: 'File/layers/a.yaml' },
      { action: 'add', resource: 'File/run' },
    ],
  });
  await bench.deploy('a', 1);
  expect(await bench.files()).toEqual({ 'layers/a.yaml': 'name: a\n', run: '#!/bin/sh\n' });
  expect(await readlink(bench.destination)).toBe('.config.sallyport/1-aaaaaaa');
  expect((await lstat(join(bench.destination, 'run'))).mode & 0o777).toBe(0o755);
  expect((await lstat(join(bench.destination, 'layers/a.yaml'))).mode & 0o777).toBe(0o644);
  expect(await bench.target('a', 2).plan(signal)).toMatchObject({ risk: 'none', changes: [] });
  expect(await bench.target('a', 2).status()).toMatchObject({
    sha: 'a'.repeat(40),
    version: 'aaaaaaa',
    health: 'unknown',
  });
});

test("the environment's own files lie over the common ones", async () => {
  const common = {
    'common/x': 'common',
    'common/y': 'common',
    'common/z/deep': 'c',
    'common/w': 'c',
  };
  await bench.commit('a', { x: 'own', z: 'own', 'w/deep': 'own' }, common);
  await bench.deploy('a', 1, { common: 'common' });
  expect(await bench.files()).toEqual({ x: 'own', y: 'common', z: 'own', 'w/deep': 'own' });
});

test('what changed is told: added, removed, renamed, modified, another mode', async () => {
  await bench.commit('a', { old: 'content', gone: 'gone', same: 's', text: 'one', tool: 'x' });
  await bench.deploy('a', 1);
  await bench.commit('b', { new: 'content', same: 's', text: 'two', more: 'more', tool: '#!x' });
  const { changes } = await bench.target('b', 2).plan(signal);
  expect(changes).toEqual(
    [
      { action: 'add', resource: 'File/more', path: 'more', breaking: false },
      { action: 'remove', resource: 'File/gone', path: 'gone', breaking: false },
      { action: 'rename', resource: 'File/new', path: 'new', from: 'old', breaking: false },
      { action: 'modify', resource: 'File/text', path: 'text', breaking: false },
      { action: 'modify', resource: 'File/tool', path: 'tool', fields: ['mode'], breaking: false },
    ].toSorted((x, y) => (x.resource < y.resource ? -1 : 1)),
  );
  await bench.deploy('b', 2);
  expect(Object.keys(await bench.files()).toSorted()).toEqual([
    'more',
    'new',
    'same',
    'text',
    'tool',
  ]);
});

test('nothing to change does nothing, and says so; the commit is noted', async () => {
  await bench.commit('a', { x: '1' });
  await bench.commit('b', { x: '1' });
  await bench.deploy('a', 1);
  await bench.deploy('b', 2);
  expect(bench.said.at(-1)).toMatch(/^nothing to change: .* is as bbbbbbb has it$/);
  expect(await readlink(bench.destination)).toBe('.config.sallyport/1-aaaaaaa');
  expect(await bench.target('b', 3).status()).toMatchObject({ sha: 'b'.repeat(40) });
});

test('old directories go, as many as `backups` stay', async () => {
  for (const [at, letter] of ['a', 'b', 'c', 'd', 'e', 'f'].entries()) {
    await bench.commit(letter, { x: letter });
    await bench.deploy(letter, at + 1, { backups: 2 });
  }
  const store = await readdir(join(bench.folder, 'srv/.config.sallyport'));
  expect(store.toSorted()).toEqual(['4-ddddddd', '5-eeeeeee', '6-fffffff', 'target']);
});

test('a directory that is there already is adopted', async () => {
  await writeFiles(bench.destination, { x: 'by hand', extra: 'e' });
  await bench.commit('a', { x: 'git' });
  const plan = await bench.target('a', 1).plan(signal);
  expect(plan).toMatchObject({ risk: 'high', reasons: [expect.stringContaining('it is adopted')] });
  await bench.deploy('a', 1);
  expect(await bench.files()).toEqual({ x: 'git' });
  for (const step of bench.target('a', 1).rollback) await step.run(signal);
  expect(await bench.files()).toEqual({ x: 'by hand', extra: 'e' });
  expect(await readlink(bench.destination)).toBe('.config.sallyport/adopted-1');
});
