import { Octokit } from '@octokit/rest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { githubThrough } from '../../src/app/octokit/github.ts';
import type { Github, Repository } from '../../src/app/ports.ts';
import { startGithub } from '../../src/sandbox/github/server.ts';
import type { StandIn } from '../../src/sandbox/github/stand-in.ts';

let standIn: StandIn;
let github: Github;
let [first, second] = ['', ''];
let now = Date.parse('2026-05-01T12:00:00Z');

beforeAll(async () => {
  standIn = await startGithub({ now: () => now });
  const mona = standIn.createUser('mona');
  standIn.createUser('hubot');
  const { id } = await standIn.createRepository({
    owner: 'acme',
    name: 'shop',
    files: { 'a/b.txt': 'hé\n' },
  });
  standIn.collaborator('acme/shop', 'mona', 'maintain');
  first = standIn.repository('acme/shop').refs.get('refs/heads/main')!;
  now += 10_000;
  second = await standIn.commit({
    repository: 'acme/shop',
    branch: 'feature/x',
    files: { c: 'd' },
    by: 'mona',
  });
  await standIn.createTag('acme/shop', 'v1.0', first);
  const octokit = new Octokit({
    baseUrl: `${standIn.url}/api/v3`,
    auth: standIn.tokenFor('acme'),
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  const repository: Repository = {
    id,
    owner: 'acme',
    name: 'shop',
    defaultBranch: 'main',
    url: `${standIn.url}/acme/shop`,
  };
  github = githubThrough(
    (route, parameters) => octokit.request(route, { ...parameters }),
    repository,
  );
  expect(mona.login).toBe('mona');
});
afterAll(() => standIn.close());

test('permission is asked of GitHub, for the account and not for the name alone', async () => {
  const { id } = standIn.createUser('mona');
  const stranger = standIn.createUser('hubot');
  expect(await github.permissionOf({ id, login: 'mona' })).toBe('maintain');
  expect(await github.permissionOf({ id: id + 999, login: 'mona' })).toBe('none');
  expect(await github.permissionOf({ id: stranger.id, login: 'hubot' })).toBe('none');
  expect(await github.permissionOf({ id: 1, login: 'nobody-at-all' })).toBe('none');
});

test('refs are found by their whole name', async () => {
  expect(await github.ref('branch', 'feature/x')).toEqual({
    kind: 'branch',
    name: 'feature/x',
    sha: second,
  });
  expect(await github.ref('tag', 'v1.0')).toMatchObject({ sha: first });
  expect(await github.ref('branch', 'feature')).toBeNull();
  expect(await github.refsBeginning('tag', 'v')).toEqual([
    { kind: 'tag', name: 'v1.0', sha: first },
  ]);
});

test('a commit is found by the beginning of its SHA, and by nothing else', async () => {
  expect(await github.commit(second.slice(0, 8))).toBe(second);
  expect(await github.commit('0123456')).toBeNull();
  await standIn.moveBranch('acme/shop', 'abcdef0', first);
  expect(await github.commit('abcdef0')).toBeNull();
});

test('commits are compared from base to head', async () => {
  expect(await github.relation(first, second)).toBe('ahead');
  expect(await github.relation(second, first)).toBe('behind');
  expect(await github.relation(first, 'main')).toBe('identical');
  expect(await github.relation(first, '0'.repeat(40))).toBeNull();
});

test('pushes come newest first, with GitHub’s time and who pushed', async () => {
  expect((await github.pushes('feature/x'))[0]).toEqual({
    after: second,
    at: Date.parse('2026-05-01T12:00:10Z'),
    login: 'mona',
  });
  expect(await github.pushes('nothing')).toEqual([]);
});

test('files are read at a commit', async () => {
  expect(await github.file('a/b.txt', first)).toBe('hé\n');
  expect(await github.file('a/none.txt', first)).toBeNull();
  await expect(github.file('a', first)).rejects.toMatchObject({ code: 'config_invalid' });
});

test('a pull request tells where its head is', async () => {
  standIn.createUser('eve');
  await standIn.fork('acme/shop', 'eve');
  const fork = standIn.repository('eve/shop');
  await standIn.commit({ repository: 'eve/shop', branch: 'evil', files: { e: 'e' }, by: 'eve' });
  const { number } = await standIn.openPullRequest({
    repository: 'acme/shop',
    head: 'evil',
    headRepository: 'eve/shop',
    by: 'eve',
  });
  expect(await github.pull(number)).toMatchObject({
    number,
    isOpen: true,
    author: 'eve',
    head: { branch: 'evil', repository: fork.id },
  });
});

test('comments are written, edited and reacted to', async () => {
  const { number } = standIn.openIssue('acme/shop', 'acme', 'Talk');
  const comment = await github.say(number, 'one');
  await github.edit(comment, 'two');
  await github.react(comment, 'rocket');
  const stored = standIn.repository('acme/shop').comments.find(({ id }) => id === comment);
  expect(stored).toMatchObject({ body: 'two' });
});

test('a refusal and an outage are told apart', async () => {
  const asked = (status: number) =>
    githubThrough(() => Promise.reject(Object.assign(new Error('x'), { status })), {
      id: 1,
      owner: 'a',
      name: 'b',
      defaultBranch: 'main',
      url: '',
    });
  await expect(asked(403).pull(1)).rejects.toMatchObject({ code: 'github_refused', next: 'user' });
  await expect(asked(502).pull(1)).rejects.toMatchObject({
    code: 'github_unreachable',
    next: 'retry',
  });
});
