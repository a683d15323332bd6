import { z } from 'zod';
import type { Person } from '../ports.ts';
import { Account } from './account.ts';

/** A pull request that was merged, or closed without that. */
export interface PullClosed {
  readonly number: number;
  readonly isMerged: boolean;
  /** GitHub's time, in ISO 8601: it may be opened and closed again. */
  readonly at: string;
  readonly sender: Person;
}

const Closed = z
  .object({
    pull_request: z.object({
      number: z.int(),
      merged: z.boolean(),
      closed_at: z.iso.datetime({ offset: true }),
    }),
    sender: Account,
  })
  .transform(({ pull_request, sender }): PullClosed => ({
    number: pull_request.number,
    isMerged: pull_request.merged,
    at: pull_request.closed_at,
    sender: { id: sender.id, login: sender.login },
  }));

/** Reads only the fields that are used; throws where one of them is not as GitHub promises. */
export const readPullClosed = (payload: unknown): PullClosed => Closed.parse(payload);
