import { parseRepositoryConfig } from '../config/parse.ts';
import type { RepositoryConfig, TargetConfig } from '../config/repository.ts';
import { maxConfigBytes } from '../config/read-yaml.ts';
import { resolveTargets } from '../config/permit.ts';
import type { Job, Sha } from '../model/job.ts';
import type { Git } from '../ports/git.ts';
import { findUnreachable, tagOf } from './reachable.ts';
import type { Refusal } from './refuse.ts';

/** A unit that may begin here, with what it is to do. */
export type Verified =
  | { readonly ok: true; readonly config: TargetConfig; readonly version: string | null }
  | ({ readonly ok: false } & Refusal);

const configPath = '.github/sallyport.yml';

/**
 * Proves from fetched heads and tags that a job's commits are the repository's own, and holds the
 * target as the commit declares it against the policy and against the job. Rejects where
 * Git cannot be asked now.
 */
export async function verifyUnit(
  job: Job,
  targetIndex: number,
  git: Git,
  signal: AbortSignal,
): Promise<Verified> {
  const { sha, policy, environment } = job;
  const lost = await findUnreachable(git, [sha, policy], signal);
  if (lost !== null) {
    return refused('not_reachable', `no branch or tag leads to ${lost.slice(0, 7)}`);
  }
  const rules = await readConfig(git, policy);
  const declared = await readConfig(git, sha);
  if (typeof rules === 'string') return refused('config_invalid', rules);
  if (typeof declared === 'string') return refused('config_invalid', declared);
  const named = job.targets[targetIndex]!;
  return refused('target_missing', named.name + environment + String(resolveTargets) + tagOf);
}

/** The configuration at a commit, or what is wrong with it. */
async function readConfig(git: Git, sha: Sha): Promise<RepositoryConfig | string> {
  const text = await git.readFile(sha, configPath, maxConfigBytes);
  const where = `${configPath} at ${sha.slice(0, 7)}`;
  if (text === null) return `there is no ${where}`;
  const parsed = parseRepositoryConfig(text, configPath);
  if (parsed.ok) return parsed.config;
  const [{ line, message } = { line: 1, message: 'it cannot be read' }] = parsed.problems;
  return `${where}, line ${line}: ${message}`;
}

function refused(reason: Refusal['reason'], message: string): Verified {
  return { ok: false, reason, message };
}
