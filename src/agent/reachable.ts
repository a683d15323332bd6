import type { Sha } from '../model/job.ts';
import { matchesAnyRef } from '../policy/ref-pattern.ts';
import type { Git, GitRef } from '../ports/git.ts';

/** What of Git tells whether a commit is the repository's own. */
export type ReachGit = Pick<Git, 'fetch' | 'refs' | 'has' | 'isAncestor'>;

/** Patterns over the short names of the branches and tags that count; `null`: all of them do. */
export type Admitted = readonly string[] | null;

/**
 * Brings a commit into the cache and tells whether a branch or a tag of the repository that counts
 * leads to it: the API resolves commits of forks through the base repository, so only what was
 * fetched as a head or a tag is proof. Does without the network where the cache already proves it.
 */
export async function isReachable(
  git: ReachGit,
  sha: Sha,
  admitted: Admitted,
  signal: AbortSignal,
): Promise<boolean> {
  return (
    (await isProven(git, sha, admitted, await git.refs(), signal)) ||
    (await isProven(git, sha, admitted, await git.fetch(signal), signal))
  );
}

/**
 * The policy's `require.refs`, as far as a host can hold a commit against it. Where heads of pull
 * requests may come every branch counts: which of them is a pull request's the App has judged.
 */
export function admittedHere(refs: readonly string[] | undefined): Admitted {
  return refs === undefined || refs.includes('pull') ? null : refs;
}

/** The tag that names a commit: the one that people named, where it does. */
export function tagOf(sha: Sha, ref: string, refs: readonly GitRef[]): string | null {
  const tags = refs
    .filter((each) => each.sha === sha && each.name.startsWith(tagPrefix))
    .map(({ name }) => name.slice(tagPrefix.length));
  return tags.find((tag) => tag === ref.replace(tagPrefix, '')) ?? tags.toSorted().at(-1) ?? null;
}

const headPrefix = 'refs/heads/';
const tagPrefix = 'refs/tags/';

async function isProven(
  git: ReachGit,
  sha: Sha,
  admitted: Admitted,
  refs: readonly GitRef[],
  signal: AbortSignal,
): Promise<boolean> {
  if (!(await git.has(sha))) return false;
  const branchesFirst = [...new Set(refs.filter((ref) => counts(ref, admitted)).map(shaOf))];
  if (branchesFirst.includes(sha)) return true;
  for (const head of branchesFirst) {
    signal.throwIfAborted();
    if (await git.isAncestor(sha, head)) return true;
  }
  return false;
}

function counts({ name }: GitRef, admitted: Admitted): boolean {
  const prefix = [headPrefix, tagPrefix].find((each) => name.startsWith(each));
  if (prefix === undefined) return false;
  return admitted === null || matchesAnyRef(admitted, name.slice(prefix.length));
}

function shaOf({ sha }: GitRef): Sha {
  return sha;
}
