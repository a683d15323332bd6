import type { RosterHost } from '../model/job.ts';
import type { Environment } from './environment.ts';
import { applyOverride } from './override.ts';
import {
  kindNotPermitted,
  noHost,
  noTargets,
  overrideInvalid,
  targetMissing,
  unknownEnvironment,
  type PermitProblem,
} from './permit-problems.ts';
import type { RepositoryConfig, TargetConfig } from './repository.ts';
import { rosterOf } from './roster.ts';

/** Where a deployment goes: what a signed job says, and the configuration behind it. */
interface Resolved {
  readonly ok: true;
  /** By wave, then as the commit declares them; at least one. */
  readonly targets: readonly ResolvedTarget[];
  readonly roster: readonly RosterHost[];
  /** Declared by the commit, but not permitted here. */
  readonly left: readonly string[];
}

interface ResolvedTarget {
  readonly name: string;
  readonly kind: string;
  readonly wave: number;
  /** In the order of the roster; at least one. */
  readonly hosts: readonly string[];
  /** With the policy's overrides in it. */
  readonly config: TargetConfig;
}

export type Resolution =
  Resolved | { readonly ok: false; readonly problems: readonly PermitProblem[] };

/**
 * What a commit deploys to an environment: `environments` and `agents` count as the default
 * branch (`policy`) has them, targets as the commit declares them, held against what the
 * policy permits. Pure: the App and every host come to the same answer.
 */
export function resolveTargets(asked: {
  readonly policy: RepositoryConfig;
  readonly commit: RepositoryConfig;
  readonly environment: string;
}): Resolution {
  const { policy, commit, environment: name } = asked;
  const environment = policy.environments[name];
  if (!environment) return refuse([unknownEnvironment(name, policy)]);
  const { roster, problems: hostProblems } = rosterOf(name, environment, policy.agents);
  const permitted = permittedTargets(name, environment, commit);
  const problems = [...hostProblems, ...permitted.problems];
  const targets: ResolvedTarget[] = [];
  for (const target of permitted.names) {
    const merged = applyOverride(commit.targets[target]!, environment.override[target]);
    if (!merged.ok) {
      problems.push(overrideInvalid(name, target, merged.why));
      continue;
    }
    const { kind, wave, roles } = merged.config;
    const hosts = roster.filter((host) => hasRole(roles, policy.agents[host.name]?.roles ?? []));
    if (hosts.length === 0 && hostProblems.length === 0) problems.push(noHost(name, target, roles));
    targets.push({
      name: target,
      kind,
      wave,
      hosts: hosts.map((host) => host.name),
      config: merged.config,
    });
  }
  if (problems.length > 0) return refuse(problems);
  const left = Object.keys(commit.targets).filter((target) => !permitted.names.includes(target));
  return { ok: true, targets: targets.toSorted((a, b) => a.wave - b.wave), roster, left };
}

function permittedTargets(
  name: string,
  environment: Environment,
  commit: RepositoryConfig,
): { names: readonly string[]; problems: readonly PermitProblem[] } {
  const declared = Object.keys(commit.targets);
  const permitted = environment.targets;
  if (!permitted) {
    return { names: declared, problems: declared.length === 0 ? [noTargets(name)] : [] };
  }
  const problems = permitted.flatMap(({ name: target, kind }): PermitProblem[] => {
    const found = commit.targets[target];
    if (!found) return [targetMissing(name, target)];
    return kind === null || found.kind === kind
      ? []
      : [kindNotPermitted(name, target, kind, found.kind)];
  });
  const wanted = new Set(permitted.map((target) => target.name));
  return { names: declared.filter((target) => wanted.has(target)), problems };
}

/** A target without roles goes to every host. */
function hasRole(wanted: readonly string[], had: readonly string[]): boolean {
  return wanted.length === 0 || wanted.some((role) => had.includes(role));
}

function refuse(problems: readonly PermitProblem[]): Resolution {
  return { ok: false, problems };
}
