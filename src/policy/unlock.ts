import type { Standing } from './facts.ts';
import { closedGate, openGate, type GateDecision } from './gate.ts';
import type { Permission } from './permission.ts';
import { standingInWords } from './standing.ts';

export interface UnlockFacts {
  readonly name: string;
  readonly lock: Standing;
  readonly person: { readonly id: number; readonly login: string };
  /** `may.unlock` names this person. */
  readonly isNamed: boolean;
  readonly isForced: boolean;
  readonly permission: Permission;
}

/** Whether a person may take a lock off: whose it is, whom the policy names, and with force whoever runs the repository. */
export function judgeUnlock(facts: UnlockFacts): GateDecision {
  const { name, lock, person, isNamed, isForced, permission } = facts;
  if (isOwn(lock, person)) return openGate('unlock', 'own_lock', `${lock.by} locked ${name}`);
  if (isNamed) return openGate('unlock', 'is_named', `${person.login} may unlock ${name}`);
  const isKeeper = permission === 'admin' || permission === 'maintain';
  if (isForced && isKeeper) {
    return openGate('unlock', 'forced', `${person.login} has ${permission} permission`);
  }
  return closedGate(
    'unlock',
    isForced ? 'force_needs_maintain' : 'not_owner',
    `${name} is locked ${standingInWords(lock)}, so ${lock.by} takes the lock off`,
    isKeeper
      ? `Ask ${lock.by}, or type: /unlock ${name} --force`
      : `Ask ${lock.by}, or somebody with maintain permission to type: /unlock ${name} --force`,
  );
}

/** Whether the word is this person's; ids of GitHub and of a host are told apart by the login. */
export function isOwn(
  { by, person }: Standing,
  who: { readonly id: number | undefined; readonly login: string },
): boolean {
  return who.id === person && who.login === by;
}
