import type { Approval, GateFacts } from './facts.ts';

/** Two approvals are two people. */
export function countPeople(approvals: readonly Approval[]): number {
  return new Set(approvals.map(({ person }) => person)).size;
}

/** `/approve production 4f2a…`: the digest says which plan is meant. */
export function approveHint(environment: string): string {
  return `Look at the plan (/plan ${environment}), then type: /approve ${environment}`;
}

/** A person as lists name them. */
export interface NamedPerson {
  readonly login: string;
  /** The person's teams as `@org/team`, of those that the list names; absent where nobody knows. */
  readonly teamsOf?: readonly string[] | undefined;
}

/** Whether a list of logins and teams names this person. */
export function isNamed(list: readonly string[], { login, teamsOf = [] }: NamedPerson): boolean {
  const names = [login, ...teamsOf].map(plainName);
  return list.some((name) => names.includes(plainName(name)));
}

/** GitHub's names ignore case; people write them with an @ or without. */
export function plainName(name: string): string {
  return name.replace(/^@/, '').toLowerCase();
}

/** That people approved what is no longer planned; '' where nobody did. */
export function voidInWords({ voidApprovals }: Pick<GateFacts, 'voidApprovals'>): string {
  if (voidApprovals === 0) return '';
  const [what, are] = voidApprovals === 1 ? ['approval', 'is'] : ['approvals', 'are'];
  return `; ${voidApprovals} ${what} of an earlier plan ${are} void, since the plan has changed`;
}
