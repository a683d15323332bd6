import type { GateFacts } from './facts.ts';
import { closedGate, openGate, type GateDecision } from './gate.ts';
import { approveHint, countPeople } from './people.ts';

const named = 3;

/** A change that breaks its users always asks for a person, whatever the policy requires. */
export function judgeBreaking(facts: GateFacts): GateDecision {
  const { environment, request, plan, approvals } = facts;
  if (request.isRollback || request.isHealing) {
    return openGate('breaking', 'accepted_before', 'It goes back to what was accepted here');
  }
  if (plan === null) return openGate('breaking', 'not_planned', 'Known once it is planned');
  const { breaking } = plan;
  if (breaking.length === 0) return openGate('breaking', 'not_breaking', 'Nothing breaks');
  const what = `${changesInWords(breaking)} may break whoever uses ${breaking.length === 1 ? 'it' : 'them'}`;
  if (countPeople(approvals) > 0) return openGate('breaking', 'approved', `${what}; approved`);
  return closedGate('breaking', 'breaking_change', what, approveHint(environment.name));
}

function changesInWords(breaking: readonly string[]): string {
  const first = breaking.slice(0, named).join('; ');
  return breaking.length <= named ? first : `${first} and ${breaking.length - named} more`;
}
