import { expect, test } from 'vitest';
import { shop, startLab } from './lab.ts';

async function withHistory() {
  const lab = await startLab();
  const owner = lab.person('acme');
  const repository = 'acme/shop';
  const commit = (branch: string, name: string) =>
    lab.github.commit({ repository, branch, files: { [name]: `${name}\n` }, message: name });
  return { lab, owner, commit };
}

test('a branch, a tag, a full and a short SHA name the same commit', async () => {
  const { lab, owner, commit } = await withHistory();
  const sha = await commit('feature/one', 'one');
  await lab.github.createTag('acme/shop', 'v1.0.0', sha);
  for (const ref of ['feature/one', 'heads/feature/one', 'v1.0.0', sha, sha.slice(0, 8)]) {
    const { data } = await owner.rest.repos.getCommit({ ...shop, ref });
    expect(data.sha, ref).toBe(sha);
  }
  const bare = await owner.request('GET /repos/{owner}/{repo}/commits/{ref}', {
    ...shop,
    ref: 'v1.0.0',
    headers: { accept: 'application/vnd.github.sha' },
  });
  expect(bare.data).toBe(sha);
  const missing = owner.rest.repos.getCommit({ ...shop, ref: 'nothing' });
  await expect(missing).rejects.toMatchObject({ status: 422 });
});

test('comparing says ahead, behind, diverged or identical', async () => {
  const { owner, commit } = await withHistory();
  await commit('topic', 'topic');
  const compare = async (basehead: string) =>
    (await owner.rest.repos.compareCommitsWithBasehead({ ...shop, basehead })).data;
  expect(await compare('main...topic')).toMatchObject({ status: 'ahead', ahead_by: 1 });
  expect(await compare('topic...main')).toMatchObject({ status: 'behind', behind_by: 1 });
  expect(await compare('main...main')).toMatchObject({ status: 'identical' });
  await commit('main', 'main');
  const diverged = await compare('main...topic');
  expect(diverged).toMatchObject({ status: 'diverged', ahead_by: 1, behind_by: 1 });
  expect(diverged.files?.map(({ filename }) => filename)).toEqual(['topic']);
});

test('contents are files, raw text, folders, or 404', async () => {
  const { lab, owner } = await withHistory();
  const files = { 'docs/a.md': 'A\n', 'docs/run': { content: '#!', executable: true as const } };
  await lab.github.commit({ repository: 'acme/shop', branch: 'topic', files });
  const at = { ...shop, ref: 'topic' };
  const file = await owner.rest.repos.getContent({ ...at, path: 'docs/a.md' });
  expect(file.data).toMatchObject({ type: 'file', content: 'QQo=', encoding: 'base64', size: 2 });
  const raw = await owner.rest.repos.getContent({
    ...at,
    path: 'docs/a.md',
    mediaType: { format: 'raw' },
  });
  expect(raw.data).toBe('A\n');
  const folder = await owner.rest.repos.getContent({ ...at, path: 'docs' });
  expect(folder.data).toMatchObject([{ name: 'a.md' }, { name: 'run' }]);
  const missing = owner.rest.repos.getContent({ ...shop, path: 'docs/a.md' });
  await expect(missing).rejects.toMatchObject({ status: 404 });
});

test('refs are listed by prefix, made, moved and removed', async () => {
  const { lab, owner, commit } = await withHistory();
  const one = await commit('topic', 'one');
  const made = { ...shop, ref: 'refs/heads/topic-2', sha: one };
  await owner.rest.git.createRef(made);
  await expect(owner.rest.git.createRef(made)).rejects.toMatchObject({ status: 422 });
  const two = await commit('topic', 'two');
  await owner.rest.git.updateRef({ ...shop, ref: 'heads/topic-2', sha: two });
  const back = { ...shop, ref: 'heads/topic-2', sha: one };
  await expect(owner.rest.git.updateRef(back)).rejects.toMatchObject({ status: 422 });
  await owner.rest.git.updateRef({ ...back, force: true });
  const { data } = await owner.rest.git.listMatchingRefs({ ...shop, ref: 'heads/topic' });
  expect(data.map(({ ref, object }) => [ref, object.sha])).toEqual([
    ['refs/heads/topic', two],
    ['refs/heads/topic-2', one],
  ]);
  await owner.rest.git.deleteRef({ ...shop, ref: 'heads/topic-2' });
  const gone = owner.rest.git.getRef({ ...shop, ref: 'heads/topic-2' });
  await expect(gone).rejects.toMatchObject({ status: 404 });
  const branches = await owner.rest.repos.listBranches(shop);
  expect(branches.data.map(({ name }) => name)).toEqual(['main', 'topic']);
  expect(lab.github.repository('acme/shop').activity.map(({ kind }) => kind)).toEqual([
    'branch_creation',
    'branch_creation',
    'branch_creation',
    'push',
    'push',
    'force_push',
    'branch_deletion',
  ]);
});

test('activity tells who moved a branch, when by the server, newest first, page by page', async () => {
  const { lab, owner, commit } = await withHistory();
  const one = await commit('topic', 'one');
  lab.time.now += 61_000;
  const two = await commit('topic', 'two');
  const first = await owner.rest.repos.listActivities({
    ...shop,
    ref: 'refs/heads/topic',
    per_page: 1,
  });
  expect(first.data).toMatchObject([
    { activity_type: 'push', before: one, after: two, timestamp: '2026-03-01T12:01:01Z' },
  ]);
  const all = await owner.paginate(owner.rest.repos.listActivities, { ...shop, per_page: 1 });
  expect(all.map(({ ref }) => ref)).toEqual([
    'refs/heads/topic',
    'refs/heads/topic',
    'refs/heads/main',
  ]);
});

test('commits to one branch at the same time all land, one after the other', async () => {
  const { lab, owner, commit } = await withHistory();
  const shas = await Promise.all(['a', 'b', 'c'].map((name) => commit('main', name)));
  const { data } = await owner.rest.repos.listCommits(shop);
  expect(data.map(({ sha }) => sha).slice(0, 3)).toEqual(shas.reverse());
  expect(lab.github.repository('acme/shop').activity).toHaveLength(4);
});
