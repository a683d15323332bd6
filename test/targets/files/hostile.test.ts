import { mkdir, readdir, readFile, readlink, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FilesConfig } from '../../../src/config/files.ts';
import { FilesBench, writeFiles, type Files } from '../../support/files-bench.ts';

let bench: FilesBench;
const { signal } = new AbortController();

beforeEach(async () => {
  bench = await FilesBench.open();
  await bench.commit('a', { x: 'one' });
  await bench.deploy('a', 1);
});
afterEach(() => bench[Symbol.asyncDispose]());

/** The plan and the deployment refuse it alike, and what is there stays. */
async function expectRefusal(files: Files, config: object, refusal: object): Promise<void> {
  await bench.commit('b', files);
  const before = await readdir(join(bench.folder, 'srv/.config.sallyport'));
  await expect(bench.target('b', 2, config).plan(signal)).rejects.toMatchObject(refusal);
  await expect(bench.deploy('b', 2, config)).rejects.toMatchObject(refusal);
  expect(await bench.files()).toEqual({ x: 'one' });
  expect(await readdir(join(bench.folder, 'srv/.config.sallyport'))).toEqual(before);
}

test.each([
  ['/etc/passwd', 'points out of the tree'],
  ['../x', 'points out of the tree'],
  ['deep/../../x', 'points out of the tree'],
  ['other/../../x', 'points out of the tree'],
])('a link to %s is refused', async (target, why) => {
  await expectRefusal(
    { evil: `-> ${target}`, other: '-> deep', 'deep/y': '' },
    {},
    {
      reason: 'unsafe_path',
      message: expect.stringContaining(`environments/staging/evil ${why}`),
    },
  );
});

test('links that stay are laid out as links', async () => {
  await bench.commit('b', { 'deep/y': '1', a: '-> deep/y', 'deep/up': '-> ../a', loop: '-> loop' });
  await bench.deploy('b', 2);
  expect(await readlink(join(bench.destination, 'deep/up'))).toBe('../a');
});

test('a file over the cap is refused with its name', () =>
  expectRefusal(
    { big: 'x'.repeat(101) },
    { max_bytes: 100 },
    {
      reason: 'too_large',
      message: expect.stringContaining('environments/staging/big'),
    },
  ));

test('a file that does not parse is refused with its line, and so are the others', () =>
  expectRefusal(
    { 'layers/a.yaml': 'name: a\nfields: [1, 2', 'layers/b.yaml': 'title: b', x: 'one' },
    { resources: [{ match: 'layers/*.yaml', type: 'Layer' }] },
    {
      reason: 'config_invalid',
      message: expect.stringMatching(/^environments\/staging\/layers\/a\.yaml:2 cannot be read: /),
      details: [
        'environments/staging/layers/b.yaml:1 cannot be read: a resource in it has no usable `name`',
      ],
    },
  ));

test('a resource in two files is refused', () =>
  expectRefusal(
    { 'a.yaml': 'name: a', 'b.json': '{"name": "a"}' },
    { resources: [{ match: '*', type: 'Layer' }] },
    { reason: 'config_invalid', message: 'Layer/a is declared in two files' },
  ));

test('a folder that is not in the commit never empties the destination', () =>
  expectRefusal({}, { source: 'nowhere' }, { reason: 'config_invalid' }));

test('a kept folder below a file is refused', () =>
  expectRefusal({ y: 'file' }, { keep: ['y/z/**'] }, { reason: 'config_invalid' }));

test.each([['/etc/sallyport'], ['/'], ['{srv}'], ['{srv}/link/config'], ['{srv}/away']])(
  'destination %s is not where this host lets targets write',
  async (destination) => {
    const srv = join(bench.folder, 'srv');
    await mkdir(join(bench.folder, 'other/config'), { recursive: true });
    await symlink('../other', join(srv, 'link'));
    await symlink('../other/config', join(srv, 'away'));
    const config = { destination: destination.replace('{srv}', srv) };
    const refusal = {
      reason: 'path_not_allowed',
      message: expect.stringContaining('this host lets targets write to'),
    };
    await expect(bench.target('a', 2, config).plan(signal)).rejects.toMatchObject(refusal);
    await expect(bench.deploy('a', 2, config)).rejects.toMatchObject(refusal);
    expect(await readdir(join(bench.folder, 'other'))).toEqual(['config']);
    expect(await bench.target('a', 2, config).status()).toMatchObject({ sha: null });
  },
);

test('a host that allows no path says how to allow one', async () => {
  const paths = { state: join(bench.folder, 'state'), envRoot: null, allowed: [] };
  await expect(bench.target('a', 2, {}, { paths }).plan(signal)).rejects.toMatchObject({
    reason: 'path_not_allowed',
    details: [expect.stringContaining('`allow.paths` in agent.yml')],
  });
});

test('a file at the destination is refused', async () => {
  const destination = join(bench.folder, 'srv/file');
  await writeFile(destination, '');
  await expect(bench.target('a', 2, { destination }).plan(signal)).rejects.toMatchObject({
    reason: 'config_invalid',
  });
});

test('two targets cannot share a destination', async () => {
  await bench.commit('b', { x: 'two' });
  await expect(bench.deploy('b', 2, {}, { target: 'other' })).rejects.toMatchObject({
    reason: 'config_invalid',
    message: expect.stringContaining('belongs to staging.map'),
  });
  expect(await bench.files()).toEqual({ x: 'one' });
});

test('somebody who changes where the destination leads meanwhile is not overruled', async () => {
  await bench.commit('b', { x: 'two' });
  const { steps } = bench.target('b', 2);
  await steps[0]!.run(signal);
  await steps[1]!.run(signal);
  await writeFiles(join(bench.folder, 'srv/mine'), { x: 'mine' });
  await symlink('mine', join(bench.folder, 'srv/new'));
  const { rename } = await import('node:fs/promises');
  await rename(join(bench.folder, 'srv/new'), bench.destination);
  await expect(steps[2]!.run(signal)).rejects.toMatchObject({ reason: 'switch_failed' });
});

test('a damaged memory of what is there is made anew', async () => {
  const index = join(bench.folder, 'state/files/staging.map.index');
  const past = new Date('2020-01-01');
  await utimes(join(bench.destination, 'x'), past, past);
  await sleep(2_100);
  await bench.target('a', 2).plan(signal);
  const whole = await readFile(index);
  for (let at = 0; at <= whole.length; at += 1) {
    const torn = Buffer.from(whole);
    if (at < whole.length) torn[at]! ^= 1;
    for (const damaged of [torn, whole.subarray(0, at)]) {
      await writeFile(index, damaged);
      expect((await bench.target('a', 2).plan(signal)).changes).toEqual([]);
    }
  }
});

test.each([
  [{ destination: '/srv/../etc' }],
  [{ destination: 'srv' }],
  [{ source: '../x' }],
  [{ keep: ['../x'] }],
  [{ keep: ['/x'] }],
  [{ keep: ['a//b'] }],
  [{ resources: [{ match: '*', type: 'L', breaking: ['fields[-'] }] }],
])('a configuration with %j is refused', (change) => {
  const whole = { kind: 'files', source: 's', destination: '/srv/x', ...change };
  expect(FilesConfig.safeParse(whole).success).toBe(false);
});
