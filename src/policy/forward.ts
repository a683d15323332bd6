import type { Sha } from '../model/job.ts';
import { closedGate, openGate, type GateDecision } from './gate.ts';

/** How a commit stands to another, as GitHub compares them. */
export type Relation = 'identical' | 'ahead' | 'behind' | 'diverged';

/**
 * What comes by itself never goes back in history: a push that arrives late, or a
 * branch that was reset, must not undo a newer deployment. People may go back.
 * `relation` is `null` where the environment has no deployment yet.
 */
export function judgeForward(
  environment: string,
  sha: Sha,
  relation: Relation | null,
): GateDecision {
  if (relation !== 'behind') {
    return openGate('forward', relation ?? 'first', `Commit ${sha.slice(0, 7)} does not go back`);
  }
  return closedGate(
    'forward',
    'goes_back',
    `Commit ${sha.slice(0, 7)} is older than what ${environment} was last told to run`,
    `To go back on purpose, type: /deploy ${environment} @${sha}`,
  );
}
