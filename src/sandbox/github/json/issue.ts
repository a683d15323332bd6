import type { Comment, Issue, Repository } from '../state/types.ts';
import type { World } from '../world.ts';
import { appJsonOrNull } from './app.ts';
import { associationOf } from './association.ts';
import type { Json } from './common.ts';
import { iso, isoOrNull, nodeId, repositoryApi, repositoryHtml } from './common.ts';
import { labelsJson } from './label.ts';
import { rollupJson } from './reactions.ts';
import { userJson } from './user.ts';

export function issueJson(world: World, repository: Repository, issue: Issue): Json {
  const api = `${repositoryApi(world, repository)}/issues/${issue.number}`;
  return {
    url: api,
    repository_url: repositoryApi(world, repository),
    labels_url: `${api}/labels{/name}`,
    comments_url: `${api}/comments`,
    events_url: `${api}/events`,
    html_url: issueHtml(world, repository, issue),
    id: issue.id,
    node_id: nodeId('Issue', issue.id),
    number: issue.number,
    title: issue.title,
    user: userJson(world, issue.author),
    labels: labelsJson(world, repository, issue),
    state: issue.state,
    locked: false,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: repository.comments.filter((comment) => comment.issue === issue).length,
    created_at: iso(issue.createdAt),
    updated_at: iso(issue.updatedAt),
    closed_at: isoOrNull(issue.closedAt),
    author_association: associationOf(world, repository, issue.author),
    active_lock_reason: null,
    ...(issue.pull ? pullLinks(world, repository, issue) : {}),
    body: issue.body,
    reactions: rollupJson(api, []),
    timeline_url: `${api}/timeline`,
    performed_via_github_app: null,
    state_reason: issue.state === 'closed' ? 'completed' : null,
  };
}

function pullLinks(world: World, repository: Repository, issue: Issue): Json {
  const html = issueHtml(world, repository, issue);
  return {
    draft: issue.pull?.draft ?? false,
    pull_request: {
      url: `${repositoryApi(world, repository)}/pulls/${issue.number}`,
      html_url: html,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      merged_at: isoOrNull(issue.pull?.merged?.at ?? null),
    },
  };
}

export function issueHtml(world: World, repository: Repository, issue: Issue): string {
  const kind = issue.pull ? 'pull' : 'issues';
  return `${repositoryHtml(world, repository)}/${kind}/${issue.number}`;
}

export function commentJson(world: World, repository: Repository, comment: Comment): Json {
  const base = `${repositoryApi(world, repository)}/issues`;
  const api = `${base}/comments/${comment.id}`;
  return {
    url: api,
    html_url: `${issueHtml(world, repository, comment.issue)}#issuecomment-${comment.id}`,
    issue_url: `${base}/${comment.issue.number}`,
    id: comment.id,
    node_id: nodeId('IssueComment', comment.id),
    user: userJson(world, comment.author),
    created_at: iso(comment.createdAt),
    updated_at: iso(comment.updatedAt),
    author_association: associationOf(world, repository, comment.author),
    body: comment.body,
    reactions: rollupJson(api, comment.reactions),
    performed_via_github_app: appJsonOrNull(world, comment.app),
  };
}
