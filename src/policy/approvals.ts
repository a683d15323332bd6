import type { GateFacts } from './facts.ts';
import { closedGate, openGate, type GateDecision } from './gate.ts';
import { approveHint, countPeople, voidInWords } from './people.ts';

/** As many people as the policy wants have approved this commit and exactly this plan. */
export function judgeApprovals(facts: GateFacts): GateDecision {
  const { policy, environment, request, approvals } = facts;
  const wanted = policy.require.approvals;
  if (wanted === 0) return openGate('approvals', 'not_required', 'No approval is required');
  if (request.isRollback || request.isHealing) {
    return openGate('approvals', 'accepted_before', 'It goes back to what was accepted here');
  }
  const count = countPeople(approvals);
  const message = `${count} of ${wanted} people approved this plan${voidInWords(facts)}`;
  if (count >= wanted) return openGate('approvals', 'approved', message);
  return closedGate('approvals', 'awaiting_approval', message, approveHint(environment.name));
}
