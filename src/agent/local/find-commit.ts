import { SallyportError, asSallyportError, exitCodes } from '../../model/errors.ts';
import type { Sha } from '../../model/job.ts';
import { nearest } from '../../model/nearest.ts';
import type { Git, GitRef } from '../../ports/git.ts';

export interface FoundCommit {
  readonly sha: Sha;
  /** As people named it. */
  readonly ref: string;
}

const full = /^[0-9a-f]{40}$/;
const digits = /^@?([0-9a-f]{4,40})$/;

/**
 * The commit of a branch, a tag, or some first digits, as the remote has it now; while that is out of
 * reach, a commit that is in the cache already. `known` are commits that this host has seen.
 */
export async function findCommit(
  git: Git,
  ref: string,
  known: readonly Sha[],
  signal: AbortSignal,
): Promise<FoundCommit> {
  const fetched = await git.fetch(signal).catch((error: unknown) => {
    signal.throwIfAborted();
    return asSallyportError(error);
  });
  const isLive = !(fetched instanceof SallyportError);
  const refs = isLive ? fetched : await git.refs();
  const named = refByName(refs, ref);
  // Where a branch stands now nobody knows while the remote is away.
  if (named && (isLive || named.name.startsWith('refs/tags/'))) return { sha: named.sha, ref };
  const sha = digits.exec(ref)?.[1];
  if (sha !== undefined) {
    const found = await commitOf(git, sha, [...known, ...refs.map((each) => each.sha)]);
    if (found) return { sha: found, ref };
  }
  if (!isLive) throw outOfReach(ref, fetched);
  throw notThere(ref, refs);
}

function refByName(refs: readonly GitRef[], ref: string): GitRef | undefined {
  const names = [ref, `refs/heads/${ref}`, `refs/tags/${ref}`];
  return names.map((name) => refs.find((each) => each.name === name)).find((each) => each);
}

async function commitOf(git: Git, start: string, known: readonly Sha[]): Promise<Sha | null> {
  if (full.test(start)) return (await git.has(start)) ? start : null;
  const fits = [...new Set(known.filter((sha) => sha.startsWith(start)))];
  if (fits.length > 1) throw ambiguous(start, fits);
  return fits[0] ?? null;
}

function ambiguous(start: string, fits: readonly Sha[]): SallyportError {
  return new SallyportError({
    code: 'commit_ambiguous',
    message: `${start} stands for several commits: ${fits.map((sha) => sha.slice(0, 12)).join(', ')}.`,
    hint: 'Type more of its digits.',
    exit: exitCodes.notFound,
  });
}

function notThere(ref: string, refs: readonly GitRef[]): SallyportError {
  const names = refs.map(({ name }) => name.replace(/^refs\/(?:heads|tags)\//, ''));
  const meant = nearest(ref, names);
  return new SallyportError({
    code: 'ref_missing',
    message: `There is no branch, tag or commit ${ref} in the repository.`,
    hint: meant === undefined ? 'Push it first, or name a full commit.' : `Did you mean ${meant}?`,
    exit: exitCodes.notFound,
  });
}

function outOfReach(ref: string, cause: SallyportError): SallyportError {
  return new SallyportError({
    code: 'git_unreachable',
    message: `The Git remote cannot be reached, so nobody knows where ${ref} stands: ${cause.message}`,
    hint: 'Name a commit that is in the cache, or go back: sallyport rollback ENV',
    exit: exitCodes.unreachable,
    cause,
  });
}
