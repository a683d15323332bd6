import { reads } from '../auth/access.ts';
import { log, readCommit } from '../git/read-commit.ts';
import { changes } from '../git/read-tree.ts';
import type { Answer } from '../hooks.ts';
import type { Call } from '../http/call.ts';
import { notFound } from '../http/errors.ts';
import { paged } from '../http/paging.ts';
import type { Route } from '../http/router.ts';
import { route } from '../http/router.ts';
import { commitJson, fileJson } from '../json/commit.ts';
import { branchJson } from '../json/git.ts';
import { pullJson } from '../json/pull.ts';
import { isPull } from '../acts/pulls.ts';
import { ok } from './answers.ts';
import { requireCommit, resolveCommit } from './resolve.ts';

const see = reads('contents');

export const commitRoutes: readonly Route[] = [
  route('GET /repos/{owner}/{repo}/commits', see, list),
  route('GET /repos/{owner}/{repo}/commits/{ref}', see, get),
  route('GET /repos/{owner}/{repo}/commits/{commit_sha}/branches-where-head', see, headOf),
  route('GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls', reads('pull_requests'), pulls),
];

async function list(call: Call): Promise<Answer> {
  const { repository, world } = call;
  const start = call.query('sha') ?? repository.defaultBranch;
  const sha = await resolveCommit(repository, start);
  if (sha === undefined) throw notFound();
  const path = call.query('path');
  const limits = [`--since=${call.query('since') ?? '1970-01-01'}`];
  const until = call.query('until');
  if (until !== undefined) limits.push(`--until=${until}`);
  const paths = path === undefined ? [] : ['--', path];
  const commits = await log(repository.directory, [...limits, sha, ...paths], 5000);
  return paged(call, commits, (commit) => commitJson(world, repository, commit));
}

async function get(call: Call): Promise<Answer> {
  const { repository, world } = call;
  const sha = await requireCommit(call, call.param('ref'));
  if (call.context.headers['accept']?.includes('application/vnd.github.sha')) {
    const headers = { 'content-type': 'application/vnd.github.sha; charset=utf-8' };
    return { status: 200, text: sha, headers };
  }
  const commit = await readCommit(repository.directory, sha);
  const files = await changes(repository.directory, commit.parents[0] ?? null, sha);
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return ok({
    ...commitJson(world, repository, commit),
    stats: { total: additions + deletions, additions, deletions },
    files: files.map((file) => fileJson(world, repository, sha, file)),
  });
}

async function headOf(call: Call): Promise<Answer> {
  const { repository, world } = call;
  const sha = await requireCommit(call, call.param('commit_sha'));
  const branches = [...repository.refs].filter(
    ([ref, head]) => head === sha && ref.startsWith('refs/heads/'),
  );
  const names = branches.map(([ref]) => ref.slice('refs/heads/'.length));
  return ok(names.map((name) => branchJson(world, repository, name, sha)));
}

async function pulls(call: Call): Promise<Answer> {
  const { repository, world } = call;
  const sha = await requireCommit(call, call.param('commit_sha'));
  const found = repository.issues
    .filter(isPull)
    .filter(({ pull }) => pull.headSha === sha || pull.merged?.sha === sha);
  return paged(call, call.visible(found), (issue) =>
    pullJson(world, repository, issue, issue.pull),
  );
}
