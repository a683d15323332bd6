import type { GateFacts } from './facts.ts';
import { closedGate, openGate, type GateDecision } from './gate.ts';

/** The commit has completed in another environment first. Where nobody knows, it has not. */
export function judgeFrom({ policy, request, completedBefore }: GateFacts): GateDecision {
  const { from } = policy.require;
  const commit = `Commit ${request.sha.slice(0, 7)}`;
  if (from === undefined)
    return openGate('from', 'not_required', 'No other environment goes first');
  if (request.isRollback || request.isHealing) {
    return openGate('from', 'completed_here', `${commit} was accepted here before`);
  }
  if (completedBefore === true) {
    return openGate('from', 'completed_there', `${commit} completed in ${from}`);
  }
  const hint = `Deploy it there first: /deploy ${from} @${request.sha}`;
  return completedBefore === false
    ? closedGate('from', 'not_completed_there', `${commit} has not completed in ${from}`, hint)
    : closedGate('from', 'unknown_there', `Nobody here knows what completed in ${from}`, hint);
}
