import { git } from '../git/program.ts';
import { aheadBehind, mergeBase } from '../git/read-commit.ts';
import { changes } from '../git/read-tree.ts';
import type { Json } from '../json/common.ts';
import type { PullNumbers } from '../json/pull.ts';
import { fullPullJson } from '../json/pull.ts';
import { nextId } from '../state/memory.ts';
import type { Issue, PullRequest, Repository, User } from '../state/types.ts';
import { emit, isHeard } from '../webhooks/emit.ts';
import type { World } from '../world.ts';

export interface PullDraft {
  readonly author: User;
  readonly title: string;
  readonly body: string | null;
  readonly base: string;
  readonly head: { readonly repository: Repository; readonly branch: string };
  readonly draft: boolean;
}

/** An issue that is a pull request. */
export interface PullIssue extends Issue {
  readonly pull: PullRequest;
}

export async function addPull(
  world: World,
  repository: Repository,
  draft: PullDraft,
): Promise<PullIssue> {
  const { state } = world;
  const now = world.now();
  const issue: PullIssue = {
    id: nextId(state),
    number: repository.issues.length + 1,
    author: draft.author,
    title: draft.title,
    body: draft.body,
    state: 'open',
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    labels: [],
    pull: {
      id: nextId(state),
      base: { repository, branch: draft.base },
      head: draft.head,
      headSha: draft.head.repository.refs.get(`refs/heads/${draft.head.branch}`) ?? '',
      baseSha: repository.refs.get(`refs/heads/${draft.base}`) ?? '',
      draft: draft.draft,
      reviews: [],
      merged: null,
    },
  };
  repository.issues.push(issue);
  await publishHead(repository, issue);
  await emitPull(world, repository, issue, draft.author, 'opened');
  return issue;
}

export async function setPullState(
  world: World,
  repository: Repository,
  issue: PullIssue,
  actor: User,
  state: 'open' | 'closed',
): Promise<void> {
  if (issue.state === state) return;
  issue.state = state;
  issue.updatedAt = world.now();
  issue.closedAt = state === 'closed' ? world.now() : null;
  const action = state === 'closed' ? 'closed' : 'reopened';
  await emitPull(world, repository, issue, actor, action);
}

/** Keeps `refs/pull/N/head`, which everybody may fetch, on the head. */
export async function publishHead(repository: Repository, issue: PullIssue): Promise<void> {
  const ref = `refs/pull/${issue.number}/head`;
  await git(repository.directory, ['update-ref', ref, issue.pull.headSha]);
}

export async function emitPull(
  world: World,
  repository: Repository,
  issue: PullIssue,
  sender: User,
  action: string,
  more: Json = {},
): Promise<void> {
  if (!isHeard(world, 'pull_request', repository)) return;
  const numbers = await pullNumbers(repository, issue.pull);
  const pull_request = fullPullJson(world, repository, issue, issue.pull, numbers);
  const payload = { number: issue.number, pull_request, ...more };
  emit(world, { name: 'pull_request', action, repository, sender, payload });
}

export async function pullNumbers(repository: Repository, pull: PullRequest): Promise<PullNumbers> {
  const { directory } = repository;
  const base = (await mergeBase(directory, pull.baseSha, pull.headSha)) ?? pull.baseSha;
  const { ahead } = await aheadBehind(directory, pull.baseSha, pull.headSha);
  const files = await changes(directory, base, pull.headSha);
  return {
    commits: ahead,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changedFiles: files.length,
  };
}

export function isPull(issue: Issue): issue is PullIssue {
  return issue.pull !== null;
}
