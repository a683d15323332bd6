import type { Environment } from '../config/environment.ts';
import type { GateFacts, Request } from './facts.ts';
import { closedGate, openGate, type GateDecision } from './gate.ts';
import { approveHint, countPeople, voidInWords } from './people.ts';

/** As many people as the policy wants have approved this commit and exactly this plan. */
export function judgeApprovals(facts: GateFacts): GateDecision {
  const { policy, environment, request, approvals } = facts;
  const wanted = approvalsWanted(policy, request.flags);
  if (wanted === 0) return openGate('approvals', 'not_required', 'No approval is required');
  if (request.isRollback || request.isHealing) {
    return openGate('approvals', 'accepted_before', 'It goes back to what was accepted here');
  }
  if (request.isStaged) {
    return openGate('approvals', 'accepted_before', 'It was approved when it was staged');
  }
  const count = countPeople(approvals);
  const message = `${count} of ${wanted} people approved this plan${voidInWords(facts)}`;
  if (count >= wanted) return openGate('approvals', 'approved', message);
  return closedGate('approvals', 'awaiting_approval', message, approveHint(environment.name));
}

/** As many as the policy says, and as many as the job itself asks for, which GitHub's rules did. */
export function approvalsWanted(
  { require }: Pick<Environment, 'require'>,
  { approvals }: Request['flags'],
): number {
  if (approvals === undefined) return require.approvals;
  // What cannot be understood asks for one rather than for none.
  const asked = /^\d{1,2}$/.test(String(approvals)) ? Number(approvals) : 1;
  return Math.max(require.approvals, asked);
}
