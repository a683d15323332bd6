import { closedGate, openGate, type GateDecision } from './gate.ts';

/** A person's rights on a repository, from least to most. */
export const permissions = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;
export type Permission = (typeof permissions)[number];

/** Who may: whoever may write to the repository, as GitHub said when it was asked. */
export function judgePermission(login: string, held: Permission): GateDecision {
  const enough = permissions.indexOf(held) >= permissions.indexOf('write');
  if (enough) return openGate('permission', 'may_write', `${login} has ${held} permission`);
  return closedGate(
    'permission',
    'needs_write',
    `${login} has ${held} permission on this repository; deploying needs write`,
    'Ask someone who may write to this repository to type the command.',
  );
}
