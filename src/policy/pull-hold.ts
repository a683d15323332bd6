import type { GateFacts } from './facts.ts';
import { closedGate, openGate, type GateDecision } from './gate.ts';

/**
 * An environment that runs a pull request keeps it until that is merged or closed, or a person takes
 * another commit there: what comes by itself waits.
 */
export function judgePullHold({ policy, environment, request }: GateFacts): GateDecision {
  const { name, heldByPull: held } = environment;
  if (held === null) return openGate('pull-hold', 'no_pull', `${name} runs no pull request`);
  if (!policy.pull_requests.hold) {
    return openGate('pull-hold', 'not_required', 'Pull requests keep no environment here');
  }
  if (!request.auto || request.isHealing) {
    return openGate(
      'pull-hold',
      'asked_by_person',
      'A pull request keeps out only what comes by itself',
    );
  }
  return closedGate(
    'pull-hold',
    'pull_hold',
    `${name} runs pull request ${held.pull} (${held.ref}), deployed by ${held.by}, until it is merged or closed`,
    `To let go of it now, type: /unlock ${name}`,
  );
}
