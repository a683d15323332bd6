import type { Issue, PullRequest, Repository } from '../state/types.ts';
import type { World } from '../world.ts';
import { associationOf } from './association.ts';
import type { Json } from './common.ts';
import { iso, isoOrNull, nodeId, repositoryApi } from './common.ts';
import { issueHtml } from './issue.ts';
import { labelsJson } from './label.ts';
import { repositoryJson } from './repository.ts';
import { userJson } from './user.ts';

/** What differs between a pull request's head and its base. */
export interface PullNumbers {
  readonly commits: number;
  readonly additions: number;
  readonly deletions: number;
  readonly changedFiles: number;
}

/** A pull request as lists have it. */
export function pullJson(
  world: World,
  repository: Repository,
  issue: Issue,
  pull: PullRequest,
): Json {
  const api = repositoryApi(world, repository);
  const html = issueHtml(world, repository, issue);
  const self = `${api}/pulls/${issue.number}`;
  const links = {
    self,
    html,
    issue: `${api}/issues/${issue.number}`,
    comments: `${api}/issues/${issue.number}/comments`,
    review_comments: `${self}/comments`,
    review_comment: `${api}/pulls/comments{/number}`,
    commits: `${self}/commits`,
    statuses: `${api}/statuses/${pull.headSha}`,
  };
  return {
    url: self,
    id: pull.id,
    node_id: nodeId('PullRequest', pull.id),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: links.issue,
    number: issue.number,
    state: issue.state,
    locked: false,
    title: issue.title,
    user: userJson(world, issue.author),
    body: issue.body,
    created_at: iso(issue.createdAt),
    updated_at: iso(issue.updatedAt),
    closed_at: isoOrNull(issue.closedAt),
    merged_at: isoOrNull(pull.merged?.at ?? null),
    merge_commit_sha: pull.merged?.sha ?? null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    labels: labelsJson(world, repository, issue),
    milestone: null,
    draft: pull.draft,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: links.statuses,
    head: sideJson(world, pull.head, pull.headSha),
    base: sideJson(world, pull.base, pull.baseSha),
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
    author_association: associationOf(world, repository, issue.author),
    auto_merge: null,
    active_lock_reason: null,
  };
}

/** What one pull request on its own, and a webhook, adds. */
export function fullPullJson(
  world: World,
  repository: Repository,
  issue: Issue,
  pull: PullRequest,
  numbers: PullNumbers,
): Json {
  return {
    ...pullJson(world, repository, issue, pull),
    merged: pull.merged !== null,
    mergeable: pull.merged ? null : true,
    rebaseable: pull.merged ? null : true,
    mergeable_state: pull.merged ? 'unknown' : 'clean',
    merged_by: pull.merged ? userJson(world, pull.merged.by) : null,
    comments: repository.comments.filter((comment) => comment.issue === issue).length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: numbers.commits,
    additions: numbers.additions,
    deletions: numbers.deletions,
    changed_files: numbers.changedFiles,
  };
}

function sideJson(world: World, side: PullRequest['head'], sha: string): Json {
  const { owner } = side.repository;
  return {
    label: `${owner.login}:${side.branch}`,
    ref: side.branch,
    sha,
    user: userJson(world, owner),
    repo: repositoryJson(world, side.repository),
  };
}
