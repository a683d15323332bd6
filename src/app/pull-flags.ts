import type { Environment } from '../config/environment.ts';
import type { Sha } from '../model/job.ts';
import type { FixedCommit } from './fix-commit.ts';
import type { AppWorld } from './world.ts';

/** The open pull request whose commit this is; of one that is closed nothing would let go again. */
export function pullOf({ place, pull }: FixedCommit): string | undefined {
  const isOfPull = pull?.isOpen === true && (place === null || place.kind === 'pull');
  return isOfPull ? String(pull.number) : undefined;
}

/**
 * The flag of a job that brings a pull request's commit: with it the environment is kept for the pull
 * request. None where the commit is on the default branch already, or the policy keeps nothing.
 */
export async function pullFlags(
  pull: string | undefined,
  sha: Sha,
  rules: Environment,
  { github, repository }: Pick<AppWorld, 'github' | 'repository'>,
): Promise<Readonly<Record<string, string>>> {
  if (pull === undefined || !rules.pull_requests.hold) return {};
  const relation = await github.relation(repository.defaultBranch, sha);
  const isMerged = relation === 'behind' || relation === 'identical';
  return isMerged ? {} : { pull };
}
