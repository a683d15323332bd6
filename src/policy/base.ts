import { closedGate, openGate, type GateDecision } from './gate.ts';
import { matchesAnyRef } from './ref-pattern.ts';

/** A pull request wants to be merged into one of the branches that the environment names. */
export function judgeBase(facts: {
  readonly branch: string;
  /** `pull_requests.bases`; absent: the default branch. */
  readonly bases: readonly string[] | undefined;
  readonly defaultBranch: string;
}): GateDecision {
  const admitted = facts.bases ?? [facts.defaultBranch];
  const message = `The pull request wants to be merged into ${facts.branch}`;
  if (matchesAnyRef(admitted, facts.branch)) return openGate('base', 'admitted', message);
  return closedGate(
    'base',
    'other_base',
    `${message}; only those into ${admitted.join(', ')} are deployed`,
    'Change its base branch, or add it to `pull_requests.bases` of the environment.',
  );
}
