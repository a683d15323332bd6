import { z } from 'zod';
import type { Person } from '../ports.ts';
import { Account } from './account.ts';

/** A comment under an issue or a pull request. */
export interface CommentEvent {
  readonly issue: number;
  readonly isPull: boolean;
  readonly comment: number;
  readonly body: string;
  /** GitHub's time, whole seconds, in ms since 1970. */
  readonly at: number;
  readonly author: Person;
  /** Whether a person wrote it; what bots write is never a command. */
  readonly isByPerson: boolean;
}

const Comment = z
  .object({
    issue: z.object({ number: z.int(), pull_request: z.unknown().optional() }),
    comment: z.object({
      id: z.int(),
      body: z.string().nullable(),
      created_at: z.iso.datetime({ offset: true }),
      user: Account.extend({ type: z.string() }).nullable(),
    }),
  })
  .transform(({ issue, comment }): CommentEvent => ({
    issue: issue.number,
    isPull: issue.pull_request !== undefined && issue.pull_request !== null,
    comment: comment.id,
    body: comment.body ?? '',
    at: Date.parse(comment.created_at),
    author: { id: comment.user?.id ?? 0, login: comment.user?.login ?? 'ghost' },
    isByPerson: comment.user?.type === 'User',
  }));

/** Reads only the fields that are used; throws where one of them is not as GitHub promises. */
export const readComment = (payload: unknown): CommentEvent => Comment.parse(payload);
