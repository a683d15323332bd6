import { closedGate, openGate, type GateDecision } from './gate.ts';

/** A review of a pull request, as GitHub lists it. */
export interface Review {
  readonly person: { readonly id: number; readonly login: string };
  /** GitHub's word: `APPROVED`, `CHANGES_REQUESTED`, `COMMENTED`, `DISMISSED`, `PENDING`. */
  readonly state: string;
}

/** What a person's reviews come to: the last one that says yes or no, unless it was dismissed. */
export function decidedReviews(reviews: readonly Review[]): readonly Review[] {
  const last = new Map<number, Review>();
  for (const review of reviews) {
    if (deciding.has(review.state)) last.set(review.person.id, review);
  }
  return [...last.values()].filter(({ state }) => state !== 'DISMISSED');
}

const deciding: ReadonlySet<string> = new Set(['APPROVED', 'CHANGES_REQUESTED', 'DISMISSED']);

/**
 * GitHub would show the pull request as approved: nobody who may write asks for changes, and enough
 * of them approved. It is no approval of a plan, which nobody had seen then.
 * `reviews` are decided ones of people who may write.
 */
export function judgeReview(facts: {
  readonly environment: string;
  readonly reviews: readonly Review[];
  /** How many approvals the rules of the base branch ask for; at least one counts as asked. */
  readonly wanted: number;
}): GateDecision {
  const loginsOf = (state: string) =>
    facts.reviews.filter((review) => review.state === state).map(({ person }) => person.login);
  const again = `then type: /deploy ${facts.environment}`;
  const against = loginsOf('CHANGES_REQUESTED');
  if (against.length > 0) {
    const message = `Changes are requested by ${against.join(', ')}`;
    return closedGate('review', 'changes_requested', message, `Have it reviewed again, ${again}`);
  }
  const approving = loginsOf('APPROVED');
  const wanted = Math.max(1, facts.wanted);
  const message = `${approving.length} of ${wanted} reviews by people who may write approve it`;
  if (approving.length >= wanted) return openGate('review', 'reviewed', message);
  return closedGate('review', 'review_required', message, `Have it reviewed, ${again}`);
}
