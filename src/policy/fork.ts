import type { Sha } from '../model/job.ts';
import { closedGate, openGate, type GateDecision } from './gate.ts';

export interface ForkFacts {
  readonly environment: string;
  readonly pull: number;
  /** Ids of the repositories; the head's is `null` where the fork was deleted. */
  readonly base: number;
  readonly head: number | null;
  readonly sha: Sha;
  /** `pull_requests.forks` of the environment. */
  readonly admitted: boolean;
  /** Branches of this repository whose head the commit is; asked only where forks are admitted. */
  readonly broughtInto: readonly string[];
}

/**
 * Commits of forks are refused: GitHub's API resolves them through the base repository, so nobody
 * with write permission need ever have seen them. Where the environment admits forks, somebody who
 * may write has brought exactly this commit into a branch first: hosts fetch no fork.
 */
export function judgeFork(facts: ForkFacts): GateDecision {
  const { base, head, admitted, broughtInto, pull, sha, environment } = facts;
  if (head === base) {
    return openGate('fork', 'own_repository', 'The pull request comes from this repository');
  }
  const branch = `review/${pull}`;
  if (!admitted) {
    return closedGate(
      'fork',
      'from_fork',
      'The pull request comes from a fork, and commits of forks are never deployed',
      'Review it, push its commits to a branch of this repository, and deploy from there.',
    );
  }
  const [into] = broughtInto;
  if (into !== undefined) {
    return openGate('fork', 'brought_in', `The commit of the fork is the head of ${into}`);
  }
  return closedGate(
    'fork',
    'fork_not_brought_in',
    `Commit ${sha.slice(0, 7)} is in the fork only, where no host fetches from`,
    `Review it, then: git fetch origin pull/${pull}/head && git push origin ${sha}:refs/heads/${branch} – and type again: /deploy ${environment}`,
  );
}
