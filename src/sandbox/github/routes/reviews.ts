import { addReview } from '../acts/reviews.ts';
import { reads, speaks } from '../auth/access.ts';
import type { Answer } from '../hooks.ts';
import type { Call } from '../http/call.ts';
import { ApiError } from '../http/errors.ts';
import { fieldsOf } from '../http/fields.ts';
import { paged } from '../http/paging.ts';
import type { Route } from '../http/router.ts';
import { route } from '../http/router.ts';
import { reviewJson } from '../json/review.ts';
import { ok } from './answers.ts';
import { pullOf } from './pull-of.ts';

const all = '/repos/{owner}/{repo}/pulls/{pull_number}/reviews';

export const reviewRoutes: readonly Route[] = [
  route(`GET ${all}`, reads('pull_requests'), (call) => {
    const issue = pullOf(call);
    return paged(call, issue.pull.reviews, (one) =>
      reviewJson(call.world, call.repository, issue, one),
    );
  }),
  route(`POST ${all}`, speaks('pull_requests'), review),
];

const states = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
} as const;

/** Drafts of reviews, which only their writer sees, are not kept here. */
function review(call: Call): Answer {
  const issue = pullOf(call);
  const fields = fieldsOf('PullRequestReview', call.body);
  const event = fields.oneOf('event', Object.keys(states)) as keyof typeof states;
  if (event !== 'COMMENT' && issue.author.id === call.account.id) {
    const verb = event === 'APPROVE' ? 'approve' : 'request changes on';
    throw new ApiError(422, `Unprocessable Entity: "Can not ${verb} your own pull request"`);
  }
  const made = addReview(call.world, issue, {
    author: call.account,
    state: states[event],
    body: fields.optionalText('body', 65_536) ?? '',
  });
  return ok(reviewJson(call.world, call.repository, issue, made));
}
