import { reads } from '../auth/access.ts';
import { aheadBehind, log, mergeBase, readCommit } from '../git/read-commit.ts';
import { changes } from '../git/read-tree.ts';
import type { Answer } from '../hooks.ts';
import type { Call } from '../http/call.ts';
import { notFound } from '../http/errors.ts';
import type { Route } from '../http/router.ts';
import { route } from '../http/router.ts';
import { commitJson, fileJson } from '../json/commit.ts';
import { repositoryApi, repositoryHtml } from '../json/common.ts';
import { ok } from './answers.ts';
import { repositoryAndBranch, resolveCommit } from './resolve.ts';

export const compareRoutes: readonly Route[] = [
  route('GET /repos/{owner}/{repo}/compare/{basehead}', reads('contents'), compare),
];

/** GitHub names at most this many commits, oldest first. */
const mostCommits = 250;

async function compare(call: Call): Promise<Answer> {
  const { repository, world } = call;
  const { directory } = repository;
  const basehead = call.param('basehead');
  const [baseName = '', headName = ''] = basehead.split('...');
  const [base, head] = [await side(call, baseName), await side(call, headName)];
  const fork = await mergeBase(directory, base, head);
  if (fork === undefined) throw notFound();
  const { ahead, behind } = await aheadBehind(directory, base, head);
  const commits = await log(directory, ['--reverse', `${base}..${head}`], mostCommits);
  const files = await changes(directory, fork, head);
  const json = async (sha: string): Promise<unknown> =>
    commitJson(world, repository, await readCommit(directory, sha));
  const html = `${repositoryHtml(world, repository)}/compare/${encodeURI(basehead)}`;
  return ok({
    url: `${repositoryApi(world, repository)}/compare/${encodeURI(basehead)}`,
    html_url: html,
    permalink_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    base_commit: await json(base),
    merge_base_commit: await json(fork),
    status: statusOf(ahead, behind),
    ahead_by: ahead,
    behind_by: behind,
    total_commits: ahead,
    commits: commits.map((commit) => commitJson(world, repository, commit)),
    files: files.map((file) => fileJson(world, repository, head, file)),
  });
}

async function side(call: Call, name: string): Promise<string> {
  const found = repositoryAndBranch(call, name);
  const sha = found && (await resolveCommit(found.repository, found.branch));
  if (sha === undefined) throw notFound();
  return sha;
}

function statusOf(ahead: number, behind: number): string {
  if (ahead > 0 && behind > 0) return 'diverged';
  if (ahead > 0) return 'ahead';
  return behind > 0 ? 'behind' : 'identical';
}
