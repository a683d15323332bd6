import type { GateFacts } from './facts.ts';
import { closedGate, openGate, type GateDecision } from './gate.ts';

/** Programs and addresses that the policy has asked; whoever does not answer says no. */
export function judgeExternal({ policy, external }: GateFacts): GateDecision {
  const asked = policy.require.external.map(({ name }) => name);
  if (asked.length === 0) return openGate('external', 'not_required', 'Nobody else is asked');
  const silent = asked.filter((name) => !Object.hasOwn(external, name));
  const refusing = asked.filter((name) => Object.hasOwn(external, name) && !external[name]!.open);
  if (refusing.length > 0) {
    const words = refusing.map((name) => `${name} says no: ${external[name]!.message}`);
    return closedGate('external', 'external_closed', words.join('; '), null);
  }
  if (silent.length === 0) {
    return openGate('external', 'external_open', `Asked and open: ${asked.join(', ')}`);
  }
  return closedGate(
    'external',
    'external_silent',
    `No answer from ${silent.join(', ')}`,
    'It is asked again by itself; see that what is asked runs and answers in time.',
  );
}
