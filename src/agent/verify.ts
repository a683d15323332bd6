import type { RepositoryConfig, TargetConfig } from '../config/repository.ts';
import type { PermitProblem } from '../config/permit-problems.ts';
import { resolveTargets } from '../config/permit.ts';
import type { UnitView } from '../deploy/fold-deployment.ts';
import type { Job } from '../model/job.ts';
import type { Git } from '../ports/git.ts';
import { readConfig } from './read-config.ts';
import { admittedHere, isReachable, tagOf, type ReachGit } from './reachable.ts';
import type { Refusal } from './refuse.ts';

/** A unit that may begin here, with what it is to do. */
export type Verified =
  | { readonly ok: true; readonly config: TargetConfig; readonly version: string | null }
  | ({ readonly ok: false } & Refusal);

/** Rejects where it cannot be told now. */
export type VerifyUnit = (
  job: Job,
  unit: Pick<UnitView, 'targetIndex' | 'host'>,
  signal: AbortSignal,
) => Promise<Verified>;

/** What of Git a unit is verified with. */
type VerifyGit = ReachGit & Pick<Git, 'readFile'>;

/**
 * Proves from fetched heads and tags that a job's commits are the repository's own, and holds the
 * target as the commit declares it against the policy and against the job. Rejects where
 * Git cannot be asked now.
 */
export async function verifyUnit(
  job: Job,
  unit: Pick<UnitView, 'targetIndex' | 'host'>,
  signal: AbortSignal,
  git: VerifyGit,
): Promise<Verified> {
  const { sha, policy, environment } = job;
  if (!(await isReachable(git, policy, null, signal))) {
    return refused('not_reachable', `no branch or tag leads to the policy ${policy.slice(0, 7)}`);
  }
  const rules = await readConfig(git, policy);
  if (!rules.ok) return refused('config_invalid', rules.why);
  const lost = await whyLost(job, rules.config, git, signal);
  if (lost !== null) return refused('not_reachable', lost);
  const declared = await readConfig(git, sha);
  if (!declared.ok) return refused('config_invalid', declared.why);
  const resolution = resolveTargets({
    policy: rules.config,
    commit: declared.config,
    environment,
  });
  if (!resolution.ok) {
    const [{ reason, message }] = resolution.problems as [PermitProblem];
    return refused(reason, message);
  }
  const named = job.targets[unit.targetIndex]!;
  const target = resolution.targets.find(({ name }) => name === named.name);
  if (!target) {
    return refused('target_missing', `${environment} has no target ${named.name} at this commit`);
  }
  if (target.kind !== named.kind) {
    return refused(
      'kind_not_permitted',
      `${named.name} is of kind ${target.kind}, not ${named.kind} as the job says`,
    );
  }
  if (unit.host !== null && !target.hosts.includes(unit.host)) {
    return refused('not_allowed_here', `the policy does not send ${named.name} to ${unit.host}`);
  }
  return { ok: true, config: target.config, version: tagOf(sha, job.ref, await git.refs()) };
}

/**
 * Why the commit may not come here, `null` where it may. What a rollback or a switch goes to came here
 * before: its branch may be gone since, and nothing else than heads and tags is ever in the cache.
 */
async function whyLost(
  { operation, sha, environment }: Job,
  { environments }: RepositoryConfig,
  git: ReachGit,
  signal: AbortSignal,
): Promise<string | null> {
  const hasCome = operation === 'rollback' || operation === 'switch';
  if (hasCome && (await git.has(sha))) return null;
  const refs = environments[environment]?.require.refs;
  const admitted = hasCome ? null : admittedHere(refs);
  if (await isReachable(git, sha, admitted, signal)) return null;
  const among = admitted === null ? '' : ` that ${environment} admits (${admitted.join(', ')})`;
  return `no branch or tag${among} leads to ${sha.slice(0, 7)}`;
}

function refused(reason: Refusal['reason'], message: string): Verified {
  return { ok: false, reason, message };
}
