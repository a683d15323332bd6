import { expect, test } from 'vitest';
import { shop, startLab } from './lab.ts';

async function withPull() {
  const lab = await startLab();
  const alice = lab.person('alice');
  lab.github.collaborator('acme/shop', 'alice', 'write');
  const files = { 'page.html': 'two\n' };
  const sha = await lab.github.commit({
    repository: 'acme/shop',
    branch: 'topic',
    files,
    by: 'alice',
  });
  const { data } = await alice.rest.pulls.create({
    ...shop,
    title: 'Second page',
    head: 'topic',
    base: 'main',
  });
  return { lab, alice, sha, number: data.number };
}

test('a pull request shows its head, its commits and its files', async () => {
  const { alice, sha, number } = await withPull();
  const pull = await alice.rest.pulls.get({ ...shop, pull_number: number });
  expect(pull.data).toMatchObject({
    state: 'open',
    head: { sha, ref: 'topic', repo: { full_name: 'acme/shop' } },
    commits: 1,
    additions: 1,
    changed_files: 1,
  });
  const commits = await alice.rest.pulls.listCommits({ ...shop, pull_number: number });
  expect(commits.data.map(({ author }) => author?.login)).toEqual(['alice']);
  const files = await alice.rest.pulls.listFiles({ ...shop, pull_number: number });
  expect(files.data.map(({ filename, status }) => [filename, status])).toEqual([
    ['page.html', 'added'],
  ]);
  const issue = await alice.rest.issues.get({ ...shop, issue_number: number });
  expect(issue.data.pull_request).toBeTruthy();
});

test('a push moves the head; listing finds it by branch', async () => {
  const { lab, alice, number } = await withPull();
  const files = { 'page.html': 'three\n' };
  const next = await lab.github.commit({ repository: 'acme/shop', branch: 'topic', files });
  const { data } = await alice.rest.pulls.list({ ...shop, head: 'acme:topic' });
  expect(data.map((pull) => [pull.number, pull.head.sha])).toEqual([[number, next]]);
  const found = await alice.rest.repos.listPullRequestsAssociatedWithCommit({
    ...shop,
    commit_sha: next,
  });
  expect(found.data).toHaveLength(1);
});

test('a merge lands on the base branch', async () => {
  const { alice, sha, number } = await withPull();
  const merged = await alice.rest.pulls.merge({ ...shop, pull_number: number });
  const main = await alice.rest.repos.getCommit({ ...shop, ref: 'main' });
  expect(main.data.sha).toBe(merged.data.sha);
  expect(main.data.parents[1]?.sha).toBe(sha);
  const pull = await alice.rest.pulls.get({ ...shop, pull_number: number });
  expect(pull.data).toMatchObject({ state: 'closed', merged: true });
  expect(pull.data.merged_by?.login).toBe('alice');
});

test('a branch that goes takes its pull request with it', async () => {
  const { lab, alice, number } = await withPull();
  await lab.github.moveBranch('acme/shop', 'topic', null);
  const pull = await alice.rest.pulls.get({ ...shop, pull_number: number });
  expect(pull.data).toMatchObject({ state: 'closed', merged: false });
});

test("a fork's commit resolves through the base repository, but no branch there has it", async () => {
  const lab = await startLab({ public: true });
  const mallory = lab.person('mallory');
  await lab.github.fork('acme/shop', 'mallory');
  const files = { 'evil.sh': 'exit 1\n' };
  const commit = { repository: 'mallory/shop', branch: 'patch', files, by: 'mallory' };
  const sha = await lab.github.commit(commit);
  const pull = await mallory.rest.pulls.create({
    ...shop,
    title: 'Please',
    head: 'mallory:patch',
    base: 'main',
  });
  expect(pull.data.head.repo).toMatchObject({ fork: true, full_name: 'mallory/shop' });
  const through = await mallory.rest.repos.getCommit({ ...shop, ref: sha });
  expect(through.data.sha).toBe(sha);
  const heads = await mallory.rest.repos.listBranchesForHeadCommit({ ...shop, commit_sha: sha });
  expect(heads.data).toEqual([]);
  const compared = await mallory.rest.repos.compareCommitsWithBasehead({
    ...shop,
    basehead: `main...${sha}`,
  });
  expect(compared.data).toMatchObject({ status: 'ahead', ahead_by: 1 });
});
