import type { GateFacts } from './facts.ts';
import { closedGate, openGate, type GateDecision } from './gate.ts';
import { standingInWords, stands } from './standing.ts';

/** A lock holds everything back, people and rollbacks too, until somebody takes it off. */
export function judgeLock({ environment: { name, lock }, at }: GateFacts): GateDecision {
  if (!stands(lock, at)) return openGate('lock', 'not_locked', `Nobody has locked ${name}`);
  return closedGate(
    'lock',
    'locked',
    `${name} is locked ${standingInWords(lock)}`,
    `To take the lock off, type: /unlock ${name}`,
    lock.until ?? undefined,
  );
}
