import type { Sha } from '../model/job.ts';
import { closedGate, openGate, type GateDecision } from './gate.ts';

export interface HeadFacts {
  readonly environment: string;
  /** The branch's head as it was read after the comment arrived. */
  readonly head: Sha;
  /** GitHub's last push to the branch: what it left there, and when, in ms; `null` where GitHub tells of none. */
  readonly push: { readonly after: Sha; readonly at: number } | null;
  /** When the comment was written, by GitHub's clock, in ms. */
  readonly commentedAt: number;
}

/**
 * A command means the head that its writer could see. GitHub's times have whole
 * seconds, so a push within the same second may have come later: unsafe.
 * Dates of commits are never asked: whoever made the commit chose them.
 */
export function judgeHeadFixed(facts: HeadFacts): GateDecision {
  const exact = `Look at the commit, then type: /deploy ${facts.environment} @${facts.head}`;
  if (!facts.push) {
    return closedGate(
      'head',
      'push_time_unknown',
      'GitHub does not tell when the branch was last pushed to',
      exact,
    );
  }
  if (facts.push.after !== facts.head) {
    return closedGate('head', 'head_moving', 'The branch is being pushed to right now', exact);
  }
  if (wholeSecond(facts.push.at) >= wholeSecond(facts.commentedAt)) {
    return closedGate(
      'head',
      'pushed_after_comment',
      `The branch was pushed to after the command was written (now at ${facts.head.slice(0, 7)})`,
      exact,
    );
  }
  return openGate('head', 'fixed', 'Nothing was pushed after the command was written');
}

function wholeSecond(at: number): number {
  return Math.floor(at / 1000);
}
