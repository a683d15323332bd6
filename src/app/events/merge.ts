import { z } from 'zod';
import { Sha } from '../../model/job.ts';
import type { Person } from '../ports.ts';
import { Account } from './account.ts';

/** A pull request that was closed by merging it. */
export interface MergeEvent {
  readonly pull: number;
  /** The branch that it was merged into. */
  readonly into: string;
  /** What the branch holds since: the merge, or the last of the commits that were put on it. */
  readonly sha: Sha;
  readonly author: string;
  /** Who merged it. */
  readonly sender: Person;
}

const Closed = z
  .object({
    number: z.int(),
    pull_request: z.object({
      merged: z.boolean().nullish(),
      merge_commit_sha: Sha.nullable(),
      base: z.object({ ref: z.string() }),
      user: z.object({ login: z.string() }).nullable(),
    }),
    sender: Account,
  })
  .transform(({ number, pull_request, sender }): MergeEvent | null => {
    const { merged, merge_commit_sha: sha, base, user } = pull_request;
    if (merged !== true || sha === null) return null;
    return {
      pull: number,
      into: base.ref,
      sha,
      author: user?.login ?? 'ghost',
      sender: { id: sender.id, login: sender.login },
    };
  });

/** `null` of one that was closed without a merge. Throws where a field is not as GitHub promises. */
export const readMerge = (payload: unknown): MergeEvent | null => Closed.parse(payload);
