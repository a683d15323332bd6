import type { GateFacts } from './facts.ts';
import { closedGate, openGate, type GateDecision } from './gate.ts';
import { approveHint, countPeople } from './people.ts';

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

function voidInWords({ voidApprovals }: GateFacts): string {
  if (voidApprovals === 0) return '';
  const [what, are] = voidApprovals === 1 ? ['approval', 'is'] : ['approvals', 'are'];
  return `; ${voidApprovals} ${what} of an earlier plan ${are} void, since the plan has changed`;
}
