import type { GateFacts } from './facts.ts';
import { closedGate, openGate, type GateDecision } from './gate.ts';
import { approveHint, countPeople, voidInWords } from './people.ts';

const named = 3;

/** A change that breaks its users always asks for a person, whatever the policy requires. */
export function judgeBreaking(facts: GateFacts): GateDecision {
  const { environment, request, plan, approvals } = facts;
  if (request.isRollback || request.isHealing) {
    return openGate('breaking', 'accepted_before', 'It goes back to what was accepted here');
  }
  if (request.isStaged) {
    return openGate(
      'breaking',
      'accepted_before',
      'It was planned and accepted when it was staged',
    );
  }
  if (plan === null) return openGate('breaking', 'not_planned', 'Known once it is planned');
  const { breaking } = plan;
  if (breaking.length === 0) return openGate('breaking', 'not_breaking', 'Nothing breaks');
  const count = breaking.length === 1 ? '1 breaking change' : `${breaking.length} breaking changes`;
  const what = `${count}: ${changesInWords(breaking)}`;
  if (countPeople(approvals) > 0) return openGate('breaking', 'approved', `${what}; approved`);
  const message = `${what}${voidInWords(facts)}`;
  return closedGate('breaking', 'breaking_change', message, approveHint(environment.name));
}

function changesInWords(breaking: readonly string[]): string {
  const first = breaking.slice(0, named).join('; ');
  return breaking.length <= named ? first : `${first} and ${breaking.length - named} more`;
}
