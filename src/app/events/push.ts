import { z } from 'zod';
import { Sha } from '../../model/job.ts';
import type { Person } from '../ports.ts';
import { Account } from './account.ts';

/** A push to a branch or of a tag. */
export interface PushEvent {
  readonly ref: string;
  /** The commit that it left there, tags peeled; `null` where the ref was deleted. */
  readonly sha: Sha | null;
  readonly sender: Person;
  /** Who wrote the commits that came with it, as far as GitHub knows them; absent where it tells of none. */
  readonly writers?: readonly string[];
}

const Push = z
  .object({
    ref: z.string(),
    deleted: z.boolean(),
    after: Sha,
    head_commit: z.object({ id: Sha }).nullable(),
    sender: Account,
    commits: z
      .array(
        z.object({
          author: z.object({ username: z.string().max(100).nullish().catch(null) }).nullish(),
        }),
      )
      .nullish(),
  })
  .transform(({ ref, deleted, after, head_commit, sender, commits }): PushEvent => ({
    ref,
    // `after` of an annotated tag is the tag itself.
    sha: deleted ? null : (head_commit?.id ?? after),
    sender: { id: sender.id, login: sender.login },
    writers: (commits ?? []).flatMap(({ author }) => author?.username ?? []),
  }));

/** Reads only the fields that are used; throws where one of them is not as GitHub promises. */
export const readPush = (payload: unknown): PushEvent => Push.parse(payload);
