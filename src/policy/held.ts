import type { GateFacts } from './facts.ts';
import { closedGate, openGate, type GateDecision } from './gate.ts';

/** A host on which people acted themselves is left alone until somebody releases it. */
export function judgeHeld({ environment, host }: GateFacts): GateDecision {
  const held = environment.held
    .map((one) => one.host)
    .filter((name) => host === null || name === host);
  const [first] = held;
  if (first === undefined) return openGate('held', 'not_held', 'No host is held');
  return closedGate(
    'held',
    'held',
    `People acted on ${held.join(', ')} directly, and nobody has released ${held.length === 1 ? 'it' : 'them'} yet`,
    `Once it may be changed again: sallyport release ${first}`,
  );
}
