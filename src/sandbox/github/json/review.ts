import type { PullIssue } from '../acts/pulls.ts';
import type { Repository, Review } from '../state/types.ts';
import type { World } from '../world.ts';
import { associationOf } from './association.ts';
import type { Json } from './common.ts';
import { iso, nodeId, repositoryApi } from './common.ts';
import { issueHtml } from './issue.ts';
import { userJson } from './user.ts';

export function reviewJson(
  world: World,
  repository: Repository,
  issue: PullIssue,
  review: Review,
): Json {
  const html = `${issueHtml(world, repository, issue)}#pullrequestreview-${review.id}`;
  const pull = `${repositoryApi(world, repository)}/pulls/${issue.number}`;
  return {
    id: review.id,
    node_id: nodeId('PullRequestReview', review.id),
    user: userJson(world, review.author),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: pull,
    author_association: associationOf(world, repository, review.author),
    _links: { html: { href: html }, pull_request: { href: pull } },
    submitted_at: iso(review.at),
    commit_id: review.sha,
  };
}
