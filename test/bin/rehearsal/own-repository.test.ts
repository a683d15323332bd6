import { execa } from 'execa';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readOwnRepository } from '../../../src/bin/rehearsal/own-repository.ts';

let folder = '';
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'sallyport-own-')));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function git(...args: readonly string[]) {
  const who = ['-c', 'user.name=ada', '-c', 'user.email=ada@example.org'];
  await execa('git', ['-C', folder, ...who, ...args]);
}

async function commit(message: string) {
  await git('add', '--all');
  await git('commit', '--quiet', '--allow-empty', '-m', message);
}

test('what is committed is read, on whatever branch', async () => {
  await git('init', '--quiet', '--initial-branch=trunk');
  await writeFile(join(folder, 'package.json'), '{}');
  await commit('one');
  await writeFile(join(folder, 'package.json'), '{"changed":true}');
  expect(await readOwnRepository(folder)).toMatchObject({
    branch: 'trunk',
    packageJson: '{}',
    config: null,
    isDirty: true,
  });
  await git('checkout', '--quiet', '--detach');
  expect(await readOwnRepository(folder)).toMatchObject({ branch: 'main' });
});

test('a folder inside is answered with its top', async () => {
  await git('init', '--quiet');
  await commit('one');
  await mkdir(join(folder, 'inside'));
  await expect(readOwnRepository(join(folder, 'inside'))).rejects.toMatchObject({
    code: 'not_a_repository',
    hint: `sallyport try --repo ${folder}`,
  });
});

test('what cannot be rehearsed is said so', async () => {
  await expect(readOwnRepository(join(folder, 'gone'))).rejects.toMatchObject({
    code: 'folder_not_found',
    exit: 4,
  });
  await expect(readOwnRepository(folder)).rejects.toMatchObject({ code: 'not_a_repository' });
  await git('init', '--quiet');
  await expect(readOwnRepository(folder)).rejects.toMatchObject({ code: 'no_commit', exit: 2 });
  await commit('one');
  await commit('two');
  const clone = join(folder, 'shallow');
  await execa('git', ['clone', '--quiet', '--depth=1', `file://${folder}`, clone]);
  await expect(readOwnRepository(clone)).rejects.toMatchObject({ code: 'repository_shallow' });
});
