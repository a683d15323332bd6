import type { Environment } from '../config/environment.ts';
import type { FixedCommit } from './fix-commit.ts';
import type { RefReader } from './ports.ts';

/**
 * The flag of a job that brings a pull request's commit: with it the environment is kept for the pull
 * request. None where the commit is on the default branch already, or the policy keeps nothing.
 */
export async function pullFlags(
  { place, pull, sha }: FixedCommit,
  rules: Environment,
  defaultBranch: string,
  github: RefReader,
): Promise<Readonly<Record<string, string>>> {
  const isOfPull = pull !== null && (place === null || place.kind === 'pull');
  if (!isOfPull || !rules.pull_requests.hold) return {};
  const relation = await github.relation(defaultBranch, sha);
  const isMerged = relation === 'behind' || relation === 'identical';
  return isMerged ? {} : { pull: String(pull.number) };
}
