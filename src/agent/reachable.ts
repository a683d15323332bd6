import type { Sha } from '../model/job.ts';
import type { Git, GitRef } from '../ports/git.ts';

/**
 * Brings commits into the cache and tells those that no branch and no tag of the repository leads
 * to: the API resolves commits of forks through the base repository, so only what was fetched
 * as a head or a tag is proof. Does without the network where the cache already proves it.
 */
export async function findUnreachable(
  git: Git,
  shas: readonly Sha[],
  signal: AbortSignal,
): Promise<Sha | null> {
  const known = await firstUnproven(git, shas, await git.refs());
  if (known === null) return null;
  return firstUnproven(git, shas, await git.fetch(signal));
}

/** The tag that names a commit: the one that people named, where it does. */
export function tagOf(sha: Sha, ref: string, refs: readonly GitRef[]): string | null {
  const tags = refs
    .filter((each) => each.sha === sha && each.name.startsWith(tagPrefix))
    .map(({ name }) => name.slice(tagPrefix.length));
  return tags.find((tag) => tag === ref.replace(tagPrefix, '')) ?? tags.toSorted().at(-1) ?? null;
}

const tagPrefix = 'refs/tags/';

async function firstUnproven(
  git: Git,
  shas: readonly Sha[],
  refs: readonly GitRef[],
): Promise<Sha | null> {
  for (const sha of shas) if (!(await isReachable(git, sha, refs))) return sha;
  return null;
}

async function isReachable(git: Git, sha: Sha, refs: readonly GitRef[]): Promise<boolean> {
  if (!(await git.has(sha))) return false;
  const branchesFirst = [...new Set(refs.filter(isProof).map((ref) => ref.sha))];
  if (branchesFirst.includes(sha)) return true;
  for (const head of branchesFirst) if (await git.isAncestor(sha, head)) return true;
  return false;
}

function isProof({ name }: GitRef): boolean {
  return name.startsWith('refs/heads/') || name.startsWith(tagPrefix);
}
