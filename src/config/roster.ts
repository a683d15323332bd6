import type { RosterHost } from '../model/job.ts';
import type { Environment } from './environment.ts';
import { ambiguousHosts, noAgent, unknownHost, type PermitProblem } from './permit-problems.ts';
import type { RepositoryConfig } from './repository.ts';

interface Roster {
  /** In the order of `hosts`. */
  readonly roster: readonly RosterHost[];
  readonly problems: readonly PermitProblem[];
}

/**
 * The hosts that take part in an environment's deployments: those that it names, or else the one
 * agent that is enrolled for it. A host is never guessed.
 */
export function rosterOf(
  name: string,
  environment: Environment,
  agents: RepositoryConfig['agents'],
): Roster {
  const enrolled = Object.keys(agents).filter((host) => agents[host]!.environments.includes(name));
  const named = environment.hosts === undefined ? enrolled : [...new Set(environment.hosts)];
  const problems =
    environment.hosts === undefined
      ? guessing(name, enrolled)
      : named.filter((host) => !enrolled.includes(host)).map((host) => unknownHost(name, host));
  if (problems.length > 0) return { roster: [], problems };
  return { roster: named.map((host) => ({ name: host, key: agents[host]!.key })), problems: [] };
}

function guessing(name: string, enrolled: readonly string[]): readonly PermitProblem[] {
  if (enrolled.length === 1) return [];
  return [enrolled.length === 0 ? noAgent(name) : ambiguousHosts(name, enrolled)];
}
