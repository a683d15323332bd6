import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openProgramGit } from '../../../../src/adapters/git/program/program-git.ts';
import { parseRemote } from '../../../../src/adapters/git/remote-url.ts';
import { GitRepository } from '../../../support/git-repository.ts';
import { startGitServer, type GitServer } from '../../../support/git-server.ts';
import { testWhen } from '../../../support/when.ts';

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
  openProgramGit(cache, parseRemote(url), async () => token);

test('leaves the history of files on a server that can keep it, and brings it when asked', async () => {
  const origin = new GitRepository(join(root, 'partial'));
  origin.git(['config', 'uploadpack.allowFilter', 'true']);
  const old = origin.commit('one', { 'a.txt': 'old' });
  const blob = origin.git(['rev-parse', 'HEAD:a.txt']);
  origin.commit('two', { 'a.txt': 'new' });
  const cache = join(root, 'partial-cache');
  const git = await open(cache, `${server.url}/partial/.git`);
  const [main] = await git.fetch();
  expect(objects(cache)).not.toContain(blob);
  const before = server.requests.length;
  expect(await git.readFile(main!.sha, 'a.txt', 10)).toBe('new');
  expect(server.requests.length).toBe(before);
  await git.layOut(old, '.', join(root, 'partial-out'));
  expect(readFileSync(join(root, 'partial-out', 'a.txt'), 'utf8')).toBe('old');
  expect(objects(cache)).toContain(blob);
});

test('brings the contents of files that were left out, in one round trip', async () => {
  const origin = new GitRepository(join(root, 'contents'));
  origin.git(['config', 'uploadpack.allowFilter', 'true']);
  const old = origin.commit('one', { a: '1', b: '2', same: 's' });
  const now = origin.commit('two', { a: '3', b: '4' });
  const git = await open(join(root, 'contents-cache'), `${server.url}/contents/.git`);
  await git.fetch();
  const oids = (await git.list(old, '')).map(({ oid }) => oid);
  expect(await git.changedPaths(old, now)).toEqual(['a', 'b']);
  const before = server.requests.length;
  for (let time = 0; time < 2; time += 1) {
    const texts: string[] = [];
    for await (const { content } of git.read(oids, 10)) texts.push(content.toString());
    expect(texts).toEqual(['1', '2', 's']);
  }
  expect(server.requests.length - before).toBeLessThanOrEqual(2);
});

test.each([
  ['over HTTP', () => `${server.url}/shallow/.git`],
  ['from a folder', () => `file://${join(root, 'shallow')}`],
])('a shallow clone is refused %s, and is no trap', async (how, url) => {
  const name = `full-${how.replaceAll(' ', '-')}`;
  const origin = new GitRepository(join(root, name));
  origin.commit('one', { a: '1' });
  origin.commit('two', { a: '2' });
  const from = `file://${origin.directory}`;
  rmSync(join(root, 'shallow'), { recursive: true, force: true });
  origin.git(['clone', '--quiet', '--depth', '1', from, join(root, 'shallow')]);
  const git = await open(join(root, `${name}-cache`), url());
  await expect(git.fetch()).rejects.toMatchObject({ code: 'git_shallow', next: 'user' });
});

testWhen(process.getuid?.() === 0)(
  'reads a repository on this machine that is another user’s',
  async () => {
    const origin = new GitRepository(join(root, 'theirs'));
    const sha = origin.commit('one', { a: '1' });
    execFileSync('chown', ['-R', 'nobody', origin.directory]);
    for (const url of [origin.directory, `file://${origin.directory}`]) {
      const git = await open(mkdtempSync(join(root, 'theirs-cache-')), url);
      expect(await git.fetch()).toMatchObject([{ sha }]);
    }
  },
);

test('asks the server little when there is nothing new', async () => {
  new GitRepository(join(root, 'quiet')).commit('one', { a: '1' });
  const git = await open(join(root, 'quiet-cache'), `${server.url}/quiet/.git`);
  await git.fetch();
  const before = server.requests.length;
  await git.fetch();
  expect(server.requests.length - before).toBeLessThanOrEqual(2);
});

test('an agent killed in the middle of a fetch leaves a cache that works', async () => {
  const origin = new GitRepository(join(root, 'killed'));
  const sha = origin.commit('one', { a: '1' });
  const cache = join(root, 'killed-cache');
  const url = `${server.url}/killed/.git`;
  server.delayMs = 1500;
  const adapter = join(import.meta.dirname, '../../../../src/adapters/git');
  const script = `
    import { openProgramGit } from '${adapter}/program/program-git.ts';
    import { parseRemote } from '${adapter}/remote-url.ts';
    const git = await openProgramGit('${cache}', parseRemote('${url}'), async () => null);
    console.log('fetching');
    await git.fetch();`;
  const args = ['--input-type=module-typescript', '--eval', script];
  const agent = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(agent.stdout, 'data');
  while (!existsSync(join(cache, 'sallyport.busy'))) await setTimeout(10);
  agent.kill('SIGKILL');
  await once(agent, 'exit');
  for (const name of ['packed-refs.lock', 'HEAD.lock', 'refs/heads/main.lock']) {
    writeFileSync(join(cache, name), '');
  }
  writeFileSync(join(cache, 'objects/pack/tmp_pack_x'), 'half');
  server.delayMs = 0;
  const git = await open(cache, url);
  expect(await git.fetch()).toEqual([{ name: 'refs/heads/main', sha }]);
  expect(readdirSync(join(cache, 'objects/pack'))).not.toContain('tmp_pack_x');
});

test('neither the token nor a password of the address is written into the cache', async () => {
  const origin = new GitRepository(join(root, 'secret'));
  origin.commit('one', { a: '1' });
  const cache = join(root, 'secret-cache');
  const url = `${server.url.replace('//', '//user:pass-word@')}/secret/.git`;
  await (await open(cache, url, 'to-ken')).fetch();
  const base64 = Buffer.from('x-access-token:to-ken').toString('base64');
  const found = spawnSync('grep', ['-rlE', `to-ken|pass-word|${base64}`, cache]);
  expect(found.status).toBe(1);
  expect(found.stdout.toString()).toBe('');
});

function objects(cache: string): string {
  const args = ['cat-file', '--batch-all-objects', '--batch-check'];
  return execFileSync('git', args, { cwd: cache, encoding: 'utf8' });
}
