import { closedGate, openGate, type GateDecision } from './gate.ts';
import type { GithubReviewer, GithubRules } from './github-rules.ts';

export interface ReviewerFacts {
  readonly person: { readonly id: number; readonly login: string };
  /** Whoever asked for the deployment. */
  readonly actor: { readonly id: number };
  /** `@org/team` of those teams among the reviewers that the person is in. */
  readonly teamsOf: readonly string[];
}

/** Whether GitHub's environment lets this person approve, besides what the policy says of approvers. */
export function judgeReviewer(
  { reviewers, preventSelfReview }: Pick<GithubRules, 'reviewers' | 'preventSelfReview'>,
  { person, actor, teamsOf }: ReviewerFacts,
): GateDecision {
  const { login } = person;
  if (reviewers.length === 0) {
    return openGate('reviewers', 'not_required', "GitHub's environment has no required reviewers");
  }
  if (preventSelfReview && person.id === actor.id) {
    return closedGate(
      'reviewers',
      'self_review',
      `${login} asked for this deployment, and GitHub's environment prevents self-review`,
      'Ask another reviewer.',
    );
  }
  const isReviewer = reviewers.some((reviewer) =>
    reviewer.kind === 'user'
      ? reviewer.id === person.id
      : teamsOf.includes(reviewerInWords(reviewer)),
  );
  if (isReviewer) return openGate('reviewers', 'is_reviewer', `${login} is a required reviewer`);
  return closedGate(
    'reviewers',
    'not_reviewer',
    `${login} is no required reviewer of GitHub's environment; those are ${reviewers.map(reviewerInWords).join(', ')}`,
    'Ask one of them.',
  );
}

/** A login, or `@org/team`. */
export function reviewerInWords(reviewer: GithubReviewer): string {
  return reviewer.kind === 'user' ? reviewer.login : `@${reviewer.organization}/${reviewer.slug}`;
}
