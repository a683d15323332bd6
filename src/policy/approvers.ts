import type { Environment } from '../config/environment.ts';
import { closedGate, openGate, type GateDecision } from './gate.ts';
import { isNamed, plainName } from './people.ts';

type Person = { readonly id: number; readonly login: string };

export interface ApproverFacts {
  readonly person: Person;
  /** Logins of the pull request's author and of everyone who pushed to it. */
  readonly authors: readonly string[];
  /** Whoever typed the deployment; an author too. */
  readonly actor: Person;
  /** The person's teams as `@org/team`; absent where nobody knows, which closes. */
  readonly teamsOf?: readonly string[];
}

/**
 * Whether this person's approval counts: one of the policy's approvers (without any: whoever may
 * deploy, which permission has judged), and no author unless the policy lets them.
 */
export function judgeApprover(
  require: Pick<Environment['require'], 'approvers' | 'author_may_approve'>,
  facts: ApproverFacts,
): GateDecision {
  const { login } = facts.person;
  const { approvers } = require;
  if (!require.author_may_approve && isAuthor(facts)) {
    return closedGate(
      'approvers',
      'is_author',
      `${login} is an author of this change (opened it, pushed to it, or asked for it)`,
      'Ask someone else who may approve.',
    );
  }
  if (approvers.length === 0) return openGate('approvers', 'anyone', `${login} may deploy`);
  if (isNamed(approvers, { login, teamsOf: facts.teamsOf })) {
    return openGate('approvers', 'is_approver', `${login} is an approver`);
  }
  return closedGate(
    'approvers',
    'not_approver',
    `${login} is not an approver; approvers are ${approvers.join(', ')}`,
    'Ask one of them.',
  );
}

function isAuthor({ person, authors, actor }: ApproverFacts): boolean {
  const logins = [...authors, actor.login].map(plainName);
  return logins.includes(plainName(person.login)) || (person.id > 0 && person.id === actor.id);
}
