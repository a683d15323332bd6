import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { openGit } from '../../../src/adapters/git/open-git.ts';
import { GitRepository } from '../../support/git-repository.ts';
import { startGitServer } from '../../support/git-server.ts';

const root = mkdtempSync(join(tmpdir(), 'sallyport-git-'));

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

test('works with and without a git program, one after the other on one cache', async () => {
  const server = await startGitServer(root);
  const origin = new GitRepository(join(root, 'origin'));
  origin.commit('one', { a: '1' });
  const source = { dir: join(root, 'cache'), url: `${server.url}/origin/.git` };
  const [one] = await (await openGit(source)).fetch();

  const { PATH: path } = process.env;
  vi.stubEnv('PATH', join(root, 'nothing'));
  const without = await openGit(source);
  expect(await without.readFile(one!.sha, 'a', 10)).toBe('1');
  vi.stubEnv('PATH', path);
  const two = origin.commit('two', { a: '2' });
  expect(await (await openGit(source)).fetch()).toEqual([{ name: 'refs/heads/main', sha: two }]);
  await server.close();
});

test('an address that cannot be a repository is refused before anything is made', async () => {
  const opening = openGit({ dir: join(root, 'none'), url: 'ext::sh -c true' });
  await expect(opening).rejects.toMatchObject({ code: 'git_url_invalid' });
});
