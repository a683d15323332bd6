import { existsSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openIsomorphicGit } from '../../../../src/adapters/git/isomorphic/isomorphic-git.ts';
import { parseRemote } from '../../../../src/adapters/git/remote-url.ts';
import { GitRepository } from '../../../support/git-repository.ts';
import { startGitServer, type GitServer } from '../../../support/git-server.ts';

const root = mkdtempSync(join(tmpdir(), 'sallyport-git-'));
let server: GitServer;

beforeAll(async () => {
  server = await startGitServer(root);
});
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

const open = (cache: string, url: string, token: string | null = null) =>
  openIsomorphicGit(cache, parseRemote(url), async () => token);

test('a pack that was half written when the agent died is fetched again', async () => {
  const sha = new GitRepository(join(root, 'torn')).commit('one', { a: '1' });
  const cache = join(root, 'torn-cache');
  await (await open(cache, `${server.url}/torn/.git`)).fetch();
  const packs = join(cache, 'objects/pack');
  const index = readdirSync(packs).find((name) => name.endsWith('.idx'))!;
  truncateSync(join(packs, index), 40);
  writeFileSync(join(cache, 'sallyport.busy'), '');
  const git = await open(cache, `${server.url}/torn/.git`);
  expect(await git.fetch()).toEqual([{ name: 'refs/heads/main', sha }]);
  expect(await git.readFile(sha, 'a', 10)).toBe('1');
  expect(existsSync(join(cache, 'sallyport.busy'))).toBe(false);
});

test('one request is enough when there is nothing new', async () => {
  new GitRepository(join(root, 'quiet')).commit('one', { a: '1' });
  const git = await open(join(root, 'quiet-cache'), `${server.url}/quiet/.git`);
  await git.fetch();
  const before = server.requests.length;
  await git.fetch();
  expect(server.requests.length - before).toBe(1);
});

test('follows a repository that moved, and keeps its token from another server', async () => {
  const sha = new GitRepository(join(root, 'moved')).commit('one', { a: '1' });
  const seen: (string | undefined)[] = [];
  const old = createServer((request, response) => {
    seen.push(request.headers.authorization);
    const path = (request.url ?? '').replace('/old', '/moved/.git');
    response.writeHead(301, { Location: `${server.url}${path}` }).end();
  });
  await new Promise<void>((resolve) => old.listen(0, '127.0.0.1', resolve));
  const { port } = old.address() as AddressInfo;
  server.token = 'other';
  const away = await open(join(root, 'moved-1'), `http://127.0.0.1:${port}/old`, 'other');
  await expect(away.fetch()).rejects.toMatchObject({ code: 'git_refused' });
  expect(seen[0]).toMatch(/^Basic /);
  server.token = null;
  const git = await open(join(root, 'moved-2'), `http://127.0.0.1:${port}/old`);
  expect(await git.fetch().catch((error: unknown) => error)).toEqual([
    { name: 'refs/heads/main', sha },
  ]);
  old.close();
});

test('a repository on this machine needs the git program', async () => {
  await expect(open(join(root, 'file-cache'), join(root, 'quiet'))).rejects.toMatchObject({
    code: 'git_missing',
  });
});

test('a fetch can be given up in the middle of an answer', async () => {
  const leaving = new AbortController();
  const slow = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-advertisement' });
    response.write('001e# service=git-upload-pack\n');
    setTimeout(() => leaving.abort(new Error('leaving')), 50);
  });
  await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
  const { port } = slow.address() as AddressInfo;
  const git = await open(join(root, 'slow-cache'), `http://127.0.0.1:${port}/slow`);
  await expect(git.fetch(leaving.signal)).rejects.toThrow('leaving');
  slow.closeAllConnections();
  slow.close();
});
