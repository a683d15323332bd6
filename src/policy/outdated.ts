import type { PullRequests } from '../config/pull-requests.ts';
import { closedGate, openGate, type GateDecision } from './gate.ts';
import type { Relation } from './forward.ts';

export interface OutdatedFacts {
  readonly environment: string;
  /** `ignore` is never asked. */
  readonly wanted: Exclude<PullRequests['outdated'], 'ignore'>;
  readonly base: string;
  /** How the pull request's head stands to its base branch; `null` where GitHub cannot compare them. */
  readonly relation: Relation | null;
}

/** The reason of a closed gate after which the base is merged into the pull request. */
export const toBeUpdated = 'outdated_update';

/** The pull request has everything that its base branch has, or the environment takes it nonetheless. */
export function judgeOutdated({
  environment,
  wanted,
  base,
  relation,
}: OutdatedFacts): GateDecision {
  if (relation === 'ahead' || relation === 'identical') {
    return openGate('outdated', 'up_to_date', `The pull request has all of ${base}`);
  }
  const message =
    relation === null
      ? `GitHub could not compare the pull request with ${base}`
      : `${base} has commits that the pull request lacks`;
  if (wanted === 'warn') return openGate('outdated', 'outdated', message);
  if (wanted === 'update' && relation !== null) {
    return closedGate(
      'outdated',
      toBeUpdated,
      `${message}, so ${base} is being merged into it`,
      `Wait for its checks and look at it again, then type: /deploy ${environment}`,
    );
  }
  return closedGate(
    'outdated',
    'outdated',
    message,
    `Merge ${base} into it ("Update branch"), then type: /deploy ${environment}`,
  );
}
