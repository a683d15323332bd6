import { nextId } from '../state/memory.ts';
import type { Review, User } from '../state/types.ts';
import type { World } from '../world.ts';
import type { PullIssue } from './pulls.ts';

/** A review of the head as it is now. */
export function addReview(
  world: World,
  { pull }: PullIssue,
  draft: { readonly author: User; readonly state: Review['state']; readonly body: string },
): Review {
  const review = { id: nextId(world.state), ...draft, sha: pull.headSha, at: world.now() };
  pull.reviews.push(review);
  return review;
}
