import type { Sha } from '../model/job.ts';

/** A branch or a tag, and the commit that it names (annotated tags peeled). */
export interface GitRef {
  /** Full name: `refs/heads/main`, `refs/tags/v1.2.0`. */
  readonly name: string;
  readonly sha: Sha;
}

/** A file or a link in a commit's tree. */
export interface GitFile {
  /** Below the folder that was asked for, with `/`. */
  readonly path: string;
  readonly kind: 'file' | 'executable' | 'link';
  /** Git's own id of the content (SHA-1 of `blob <size>\\0` and the bytes): equal content, equal id. */
  readonly oid: string;
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
  /**
   * Every file and link below a folder of a commit, sorted by path; submodules are left out. Rejects with
   * `path_missing`. A commit that was listed before costs no second read.
   */
  list(sha: Sha, path: string): Promise<readonly GitFile[]>;
  /**
   * The contents of these objects, in this order, one after the other; `file_too_large` for one
   * over `maxBytes`. What is missing is brought first.
   */
  read(
    oids: readonly string[],
    maxBytes: number,
    signal?: AbortSignal,
  ): AsyncIterable<{ readonly oid: string; readonly content: Buffer }>;
  /** Paths that differ between the trees of two commits, sorted. */
  changedPaths(from: Sha, to: Sha): Promise<readonly string[]>;
  /** Who wrote the commits that `to` has and `from` has not; of all of its commits where `from` is `null`. At most 100, newest first. */
  authorsBetween(from: Sha | null, to: Sha): Promise<readonly GitAuthor[]>;
  /** Subject line, author and time (ms) of a commit, for people. */
  describe(
    sha: Sha,
  ): Promise<{ readonly subject: string; readonly author: GitAuthor; readonly at: number }>;
}
