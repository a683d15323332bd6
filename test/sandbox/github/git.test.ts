import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import type { Lab } from './lab.ts';
import { installApp, shop, startLab } from './lab.ts';

const run = promisify(execFile);
const folders: string[] = [];

afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

function gitIn(folder: string) {
  const who = ['-c', 'user.name=Alice', '-c', 'user.email=alice@example.org'];
  return async (...args: string[]): Promise<string> => {
    const env = { PATH: process.env['PATH'], HOME: folder, GIT_TERMINAL_PROMPT: '0' };
    const { stdout, stderr } = await run('git', [...who, ...args], { cwd: folder, env });
    return (stdout + stderr).trim();
  };
}

async function folderWithGit() {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-client-'));
  folders.push(folder);
  return { folder, git: gitIn(folder) };
}

function addressFor({ github }: Lab, token: string, repository = 'acme/shop'): string {
  const url = new URL(`/${repository}.git`, github.url);
  url.username = 'x-access-token';
  url.password = token;
  return url.href;
}

async function alicesClone() {
  const lab = await startLab();
  const alice = lab.person('alice');
  lab.github.collaborator('acme/shop', 'alice', 'write');
  const { folder, git } = await folderWithGit();
  await git('clone', '--quiet', addressFor(lab, lab.github.tokenFor('alice')), '.');
  return { lab, alice, folder, git };
}

test('a push over Git is seen by the API as soon as it has ended', async () => {
  const { lab, alice, folder, git } = await alicesClone();
  await git('checkout', '--quiet', '-b', 'topic');
  await writeFile(join(folder, 'page.html'), 'two\n');
  await git('add', '.');
  await git('commit', '--quiet', '-m', 'Second page');
  lab.time.now += 2000;
  await git('push', '--quiet', 'origin', 'topic');
  const sha = await git('rev-parse', 'HEAD');
  const { data } = await alice.rest.repos.listActivities({ ...shop, ref: 'refs/heads/topic' });
  expect(data).toMatchObject([
    { after: sha, activity_type: 'branch_creation', timestamp: '2026-03-01T12:00:02Z' },
  ]);
  expect(data[0]?.actor?.login).toBe('alice');
});

test('a partial clone, and a fetch of one commit by its SHA', async () => {
  const lab = await startLab({ public: true });
  const files = { 'big.txt': 'x'.repeat(10_000) };
  const sha = await lab.github.commit({ repository: 'acme/shop', branch: 'topic', files });
  await lab.github.moveBranch('acme/shop', 'topic', null);
  const { git } = await folderWithGit();
  const address = `${lab.github.url}/acme/shop.git`;
  await git('clone', '--quiet', '--filter=blob:none', '--no-checkout', address, '.');
  await git('fetch', '--quiet', '--depth=1', 'origin', sha);
  const missing = await git('rev-list', '--objects', '--missing=print', sha);
  expect(missing).toMatch(/^\?/m);
  expect(await git('show', `${sha}:big.txt`)).toHaveLength(10_000);
});

test('annotated tags are peeled by the API', async () => {
  const { alice, git } = await alicesClone();
  await git('tag', '-a', 'v1', '-m', 'First');
  await git('push', '--quiet', 'origin', 'v1');
  const head = await git('rev-parse', 'HEAD');
  const ref = await alice.rest.git.getRef({ ...shop, ref: 'tags/v1' });
  expect(ref.data.object.type).toBe('tag');
  const tag = await alice.rest.git.getTag({ ...shop, tag_sha: ref.data.object.sha });
  expect(tag.data).toMatchObject({ tag: 'v1', message: 'First', object: { sha: head } });
  const commit = await alice.rest.repos.getCommit({ ...shop, ref: 'v1' });
  expect(commit.data.sha).toBe(head);
  const tags = await alice.rest.repos.listTags(shop);
  expect(tags.data[0]?.commit.sha).toBe(head);
});

test('more than three tags pushed at once are told to nobody', async () => {
  const { lab, git } = await alicesClone();
  installApp(lab, { webhookUrl: 'http://127.0.0.1:1/', events: ['create'] });
  const tags = ['v1', 'v2', 'v3', 'v4', 'v5'];
  for (const tag of tags) await git('tag', tag);
  await git('push', '--quiet', 'origin', 'v1', 'v2', 'v3', 'v4');
  expect(lab.github.deliveries).toEqual([]);
  await git('push', '--quiet', 'origin', 'v5');
  expect(lab.github.deliveries).toHaveLength(1);
});

test('a pull request head can be fetched, but not pushed to', async () => {
  const { lab, git } = await alicesClone();
  const files = { a: 'a' };
  const sha = await lab.github.commit({ repository: 'acme/shop', branch: 'topic', files });
  await lab.github.openPullRequest({ repository: 'acme/shop', head: 'topic', by: 'alice' });
  await git('fetch', '--quiet', 'origin', 'refs/pull/1/head');
  expect(await git('rev-parse', 'FETCH_HEAD')).toBe(sha);
  await expect(git('push', 'origin', 'HEAD:refs/pull/1/head')).rejects.toThrow(/rejected/);
});

test.each([
  ['a stranger', undefined, /could not read Username|Authentication failed/],
  ['a wrong token', 'ghp_wrong', /Authentication failed|could not read|401/],
])('%s is refused', async (_, token, words) => {
  const lab = await startLab();
  const { git } = await folderWithGit();
  const address = token === undefined ? `${lab.github.url}/acme/shop.git` : addressFor(lab, token);
  await expect(git('ls-remote', address)).rejects.toThrow(words);
});

test('a token that may only read cannot push, and one for another repository sees nothing', async () => {
  const lab = await startLab();
  await lab.github.createRepository({ owner: 'acme', name: 'other' });
  const agent = lab.github.tokenForAgent('acme/shop', { contents: 'read' });
  const { git } = await folderWithGit();
  await git('clone', '--quiet', addressFor(lab, agent), '.');
  await expect(git('push', 'origin', 'HEAD:refs/heads/x')).rejects.toThrow(/403/);
  await expect(git('ls-remote', addressFor(lab, agent, 'acme/other'))).rejects.toThrow(
    /not found|404/,
  );
});
