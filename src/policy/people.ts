import type { Approval } from './facts.ts';

/** Two approvals are two people. */
export function countPeople(approvals: readonly Approval[]): number {
  return new Set(approvals.map(({ person }) => person)).size;
}

/** `/approve production 4f2a…`: the digest says which plan is meant. */
export function approveHint(environment: string): string {
  return `Look at the plan (/plan ${environment}), then type: /approve ${environment}`;
}
