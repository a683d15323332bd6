import { closedGate, openGate, type GateDecision } from './gate.ts';

/**
 * Commits of forks are refused: GitHub's API resolves them through the base repository,
 * so nobody with write permission need ever have seen them. `head` is `null` where the
 * fork was deleted.
 */
export function judgeFork(repositories: {
  readonly base: number;
  readonly head: number | null;
}): GateDecision {
  if (repositories.head === repositories.base) {
    return openGate('fork', 'own_repository', 'The pull request comes from this repository');
  }
  return closedGate(
    'fork',
    'from_fork',
    'The pull request comes from a fork, and commits of forks are never deployed',
    'Review it, push its commits to a branch of this repository, and deploy from there.',
  );
}
