import type { GateFacts } from './facts.ts';
import { closedGate, openGate, type GateDecision } from './gate.ts';

/** A host on which people acted themselves is left alone until somebody releases it. */
export function judgeHeld({ environment, host }: GateFacts): GateDecision {
  const held = environment.held.filter((one) => host === null || one.host === host);
  const [first] = held;
  if (first === undefined) return openGate('held', 'not_held', 'No host is held');
  const names = held.map((one) => one.host).join(', ');
  const isOne = held.length === 1;
  const when = isOne ? ` at ${new Date(first.since).toISOString()}` : '';
  return closedGate(
    'held',
    'held',
    `${(isOne && first.by) || 'People'} acted on ${names} directly${when}, and nobody has released ${isOne ? 'it' : 'them'} yet`,
    `Once it may be changed again: sallyport release ${first.host}`,
  );
}
