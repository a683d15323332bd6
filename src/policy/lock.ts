import type { GateFacts } from './facts.ts';
import { closedGate, openGate, type GateDecision } from './gate.ts';
import { standingInWords, stands } from './standing.ts';
import { isOwn } from './unlock.ts';

/** A lock holds everything back, other people and rollbacks too, until somebody takes it off. */
export function judgeLock({ environment, request, at }: GateFacts): GateDecision {
  const { name, lock } = environment;
  if (!stands(lock, at)) return openGate('lock', 'not_locked', `Nobody has locked ${name}`);
  const { actor: login, person: id } = request;
  if (!request.auto && !request.isHealing && isOwn(lock, { id, login })) {
    return openGate('lock', 'own_lock', `${name} is locked by ${login}, who asks for this`);
  }
  return closedGate(
    'lock',
    'locked',
    `${name} is locked ${standingInWords(lock)}`,
    `To take the lock off, type: /unlock ${name}`,
    lock.until ?? undefined,
  );
}
