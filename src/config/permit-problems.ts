import type { Reason } from '../model/reason.ts';
import { nearest } from '../model/nearest.ts';
import type { RepositoryConfig } from './repository.ts';

/** Why a commit cannot go to an environment. */
export interface PermitProblem {
  readonly code:
    | 'unknown_environment'
    | 'target_missing'
    | 'kind_not_permitted'
    | 'no_targets'
    | 'override_invalid'
    | 'no_agent'
    | 'ambiguous_hosts'
    | 'unknown_host'
    | 'no_host_for_roles';
  /** What a record says where a host finds it. */
  readonly reason: Reason;
  /** One sentence without a full stop. */
  readonly message: string;
  readonly hint: string;
}

export function unknownEnvironment(name: string, policy: RepositoryConfig): PermitProblem {
  const known = Object.keys(policy.environments);
  const meant = nearest(name, known);
  return {
    code: 'unknown_environment',
    reason: 'not_allowed_here',
    message: `There is no environment ${name}; the default branch has ${known.join(', ') || 'none'}`,
    hint: meant === undefined ? 'Add it on the default branch.' : `Did you mean ${meant}?`,
  };
}

export function noTargets(name: string): PermitProblem {
  return {
    code: 'no_targets',
    reason: 'target_missing',
    message: `The commit declares no target for ${name}`,
    hint: 'Add one under `targets` and check it with: sallyport validate',
  };
}

export function targetMissing(name: string, target: string): PermitProblem {
  return {
    code: 'target_missing',
    reason: 'target_missing',
    message: `${name} takes the target ${target}, which the commit does not declare`,
    hint: `Declare ${target} in the commit, or take it out of environments.${name}.targets on the default branch.`,
  };
}

export function kindNotPermitted(
  name: string,
  target: string,
  kind: string,
  found: string,
): PermitProblem {
  return {
    code: 'kind_not_permitted',
    reason: 'kind_not_permitted',
    message: `${name} takes ${target} as ${kind}, and the commit declares it as ${found}`,
    hint: `Change the kind in environments.${name}.targets on the default branch.`,
  };
}

export function overrideInvalid(name: string, target: string, why: string): PermitProblem {
  return {
    code: 'override_invalid',
    reason: 'config_invalid',
    message: `With what ${name} overrides, ${target} is not valid: ${why}`,
    hint: `Correct environments.${name}.override.${target} on the default branch.`,
  };
}

export function noHost(name: string, target: string, roles: readonly string[]): PermitProblem {
  return {
    code: 'no_host_for_roles',
    reason: 'not_allowed_here',
    message: `No host of ${name} has a role of ${target} (${roles.join(', ')})`,
    hint: 'Give a host one of these roles under `agents` on the default branch.',
  };
}

export function noAgent(name: string): PermitProblem {
  return {
    code: 'no_agent',
    reason: 'not_allowed_here',
    message: `No agent is enrolled for ${name}`,
    hint: 'On the host: sallyport agent keygen; then merge the line that it prints into `agents`.',
  };
}

export function ambiguousHosts(name: string, hosts: readonly string[]): PermitProblem {
  return {
    code: 'ambiguous_hosts',
    reason: 'not_allowed_here',
    message: `Several agents are enrolled for ${name} (${hosts.join(', ')}), and it does not say which take part`,
    hint: `Name them, in their order, in environments.${name}.hosts on the default branch.`,
  };
}

export function unknownHost(name: string, host: string): PermitProblem {
  return {
    code: 'unknown_host',
    reason: 'not_allowed_here',
    message: `${name} names the host ${host}, which is not enrolled for it`,
    hint: `On ${host}: sallyport agent keygen; then merge the line that it prints into \`agents\`.`,
  };
}
