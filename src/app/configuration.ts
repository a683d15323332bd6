import { resolveTargets } from '../config/permit.ts';
import type { Environment } from '../config/environment.ts';
import { parseRepositoryConfig } from '../config/parse.ts';
import type { RepositoryConfig } from '../config/repository.ts';
import type { JobDraft } from '../deploy/issue.ts';
import { nearest } from '../model/nearest.ts';
import { resolveParams, type GivenParams } from '../policy/resolve-params.ts';
import { SallyportError, exitCodes } from '../model/errors.ts';
import type { Sha } from '../model/job.ts';
import type { Trigger } from '../policy/trigger.ts';
import type { FileReader, RefReader } from './ports.ts';

const configPath = '.github/sallyport.yml';

/** The rules as they stand on the default branch at this moment. */
export interface Policy {
  readonly sha: Sha;
  readonly config: RepositoryConfig;
}

/** Rejects where the default branch has no configuration, or one that is not valid. */
export async function readPolicy(
  github: RefReader & FileReader,
  defaultBranch: string,
): Promise<Policy> {
  const head = await github.ref('branch', defaultBranch);
  const text = head && (await github.file(configPath, head.sha));
  if (!head || text === null) {
    throw new SallyportError({
      code: 'policy_missing',
      message: `There is no ${configPath} on ${defaultBranch}`,
      hint: `Write one and merge it to ${defaultBranch}; check it with: sallyport validate`,
      exit: exitCodes.usage,
    });
  }
  return { sha: head.sha, config: parse(text, defaultBranch) };
}

/** What the commit declares. Rejects where it declares nothing, or nothing valid. */
export async function readDeclared(github: FileReader, sha: Sha): Promise<RepositoryConfig> {
  const text = await github.file(configPath, sha);
  if (text !== null) return parse(text, sha.slice(0, 7));
  throw new SallyportError({
    code: 'config_missing',
    message: `There is no ${configPath} in ${sha.slice(0, 7)}`,
    hint: 'Bring the branch up to date with the default branch.',
    exit: exitCodes.usage,
  });
}

/** What starts a deployment by itself; without a `trigger`, a push to the default branch. */
export function triggerOf({ trigger }: Environment, defaultBranch: string): Trigger {
  if (!trigger) return { branches: [defaultBranch], tags: [], releases: false, merges: false };
  const { branches = [], tags = [], releases, merges } = trigger;
  return { branches, tags, releases, merges };
}

/** What people may say of a job besides its commit. */
export interface Given extends GivenParams {
  /** The targets that it is for; absent: all of them. */
  readonly only?: readonly string[] | undefined;
  /** A service is to stop in its idle slot. */
  readonly isToStage?: boolean;
}

const nothingGiven: Given = { typed: {} };

/** Where the job goes, and with which parameters. Rejects where the policy does not permit what the commit declares. */
export function resolveFor(
  { config }: Policy,
  commit: RepositoryConfig,
  environment: string,
  given = nothingGiven,
): Pick<JobDraft, 'targets' | 'roster' | 'rollout' | 'on_failure' | 'params'> {
  const resolved = resolveTargets({ policy: config, commit, environment });
  if (!resolved.ok) {
    const [problem] = resolved.problems;
    throw new SallyportError({
      code: problem?.code ?? 'not_permitted',
      message: resolved.problems.map(({ message }) => message).join('; '),
      hint: problem?.hint,
      exit: exitCodes.refused,
    });
  }
  const targets = onlyOf(given.only, resolved.targets, environment);
  if (given.isToStage && !targets.some(({ kind }) => kind === 'service')) {
    throw nothingToStage(environment);
  }
  const params = resolveParams(given, targets);
  if (!params.ok) {
    const { message, hint } = params;
    throw new SallyportError({ code: 'invalid_parameter', message, hint, exit: exitCodes.usage });
  }
  return {
    params: params.params,
    targets: targets.map(({ name, kind, wave, hosts }) => ({
      name,
      kind,
      wave,
      hosts: [...hosts],
    })),
    roster: [...resolved.roster],
    ...rolloutFor(resolved.roster.length, config.environments[environment]),
    on_failure: config.environments[environment]?.on_failure ?? 'rollback',
  };
}

/** A host that is alone follows nobody. */
function rolloutFor(
  hosts: number,
  environment: Environment | undefined,
): Pick<JobDraft, 'rollout'> {
  if (hosts < 2 || !environment) return {};
  const { max_unavailable, ...rollout } = environment.rollout;
  return { rollout: { ...rollout, max_unavailable: max_unavailable ?? rollout.batch } };
}

function onlyOf<Target extends { readonly name: string }>(
  only: readonly string[] | undefined,
  targets: readonly Target[],
  environment: string,
): readonly Target[] {
  if (only === undefined) return targets;
  const known = targets.map(({ name }) => name);
  const lost = only.find((name) => !known.includes(name));
  if (lost === undefined) return targets.filter(({ name }) => only.includes(name));
  const meant = nearest(lost, known);
  throw new SallyportError({
    code: 'target_unknown',
    message: `${environment} has no target ${lost.slice(0, 63)}; this commit brings ${known.join(', ')} there`,
    hint: meant === undefined ? `--only ${known[0] ?? ''}` : `Did you mean --only ${meant}?`,
    exit: exitCodes.notFound,
  });
}

function nothingToStage(environment: string): SallyportError {
  return new SallyportError({
    code: 'nothing_to_stage',
    message: 'None of the targets is a service, and nothing else has an idle slot to wait in',
    hint: `/deploy ${environment}`,
    exit: exitCodes.usage,
  });
}

function parse(text: string, where: string): RepositoryConfig {
  const parsed = parseRepositoryConfig(text, configPath);
  if (parsed.ok) return parsed.config;
  const [{ line, message } = { line: 1, message: 'it cannot be read' }] = parsed.problems;
  const more = parsed.problems.length - 1;
  throw new SallyportError({
    code: 'config_invalid',
    message: `${configPath} at ${where}, line ${line}: ${message}${more > 0 ? ` (and ${more} more)` : ''}`,
    hint: 'See all that is wrong with it: sallyport validate',
    exit: exitCodes.usage,
  });
}
