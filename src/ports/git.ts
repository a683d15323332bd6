import type { Sha } from '../model/job.ts';

/** A branch or a tag, and the commit that it names (annotated tags peeled). */
export interface GitRef {
  /** Full name: `refs/heads/main`, `refs/tags/v1.2.0`. */
  readonly name: string;
  readonly sha: Sha;
}

export interface GitAuthor {
  readonly name: string;
  readonly email: string;
}

/**
 * A repository's objects in a bare cache on this host. Once `fetch` brought them, heads,
 * tags and what was ever laid out are read without the network; the files of other
 * commits may still have to be brought. No hooks, no filters, no submodules,
 * no user or system configuration is ever honoured. Errors: `git_unreachable`
 * (retry), `git_refused` (credentials), `commit_missing`, `path_missing`.
 */
export interface Git {
  /**
   * Brings all heads and tags and the commit up to date, never `refs/pull`. Costs one
   * round trip when there is nothing new. An interrupted fetch leaves the cache usable.
   */
  fetch(signal?: AbortSignal): Promise<readonly GitRef[]>;
  /** Heads and tags as of the last `fetch`, without the network. */
  refs(): Promise<readonly GitRef[]>;
  /** Whether the commit's objects are in the cache. */
  has(sha: Sha): Promise<boolean>;
  /** Whether `ancestor` is `descendant` or reachable from it. */
  isAncestor(ancestor: Sha, descendant: Sha): Promise<boolean>;
  /** A file's text at a commit; `null` where there is none. Refuses files over `maxBytes` (`file_too_large`). */
  readFile(sha: Sha, path: string, maxBytes: number): Promise<string | null>;
  /**
   * Lays the tree (or the folder `path` in it) out under `destination`, which must not
   * exist yet. Files keep their executable bit; symbolic links that point out of the
   * tree are refused (`unsafe_path`), submodules are left out.
   */
  layOut(sha: Sha, path: string, destination: string, signal?: AbortSignal): Promise<void>;
  /** Subject line, author and time (ms) of a commit, for people. */
  describe(
    sha: Sha,
  ): Promise<{ readonly subject: string; readonly author: GitAuthor; readonly at: number }>;
}
