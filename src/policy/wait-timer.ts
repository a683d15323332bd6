import type { GateFacts } from './facts.ts';
import { closedGate, openGate, type GateDecision } from './gate.ts';

/** The wait timer of GitHub's environment, as the job has it: not before this time. */
export function judgeWaitTimer({ request, at }: GateFacts): GateDecision {
  const flag = request.flags['not-before'];
  if (flag === undefined) return openGate('wait-timer', 'no_timer', 'There is no wait timer');
  if (request.isRollback || request.isHealing) {
    return openGate('wait-timer', 'accepted_before', 'It goes back to what was accepted here');
  }
  const until = Date.parse(String(flag));
  if (Number.isNaN(until)) {
    const message = 'The job names a time to wait for that nobody can read';
    return closedGate('wait-timer', 'wait_timer', message, 'Ask for the deployment again.');
  }
  const words = new Date(until).toISOString();
  if (at >= until) return openGate('wait-timer', 'over', `The wait timer ended at ${words}`);
  const message = `The wait timer of the environment on GitHub runs until ${words}`;
  return closedGate('wait-timer', 'wait_timer', message, 'It goes on by itself then.', until);
}
