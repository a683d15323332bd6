import { judgePermission } from '../policy/permission.ts';
import { doneComment, workingComment } from '../report/answer-markdown.ts';
import type { Answer } from './answer.ts';
import type { CommentEvent } from './events/comment.ts';
import { react } from './react.ts';
import { refuseUnknownFlags, refuseWhereClosed } from './refuse.ts';
import type { AppWorld } from './world.ts';

/** A command by which a person says a word on what is there, and where it stands. */
export interface PersonRequest<Command> {
  readonly command: Command;
  readonly event: CommentEvent;
  /** The command as it was typed. */
  readonly words: string;
  readonly answer: Answer;
}

type Asked = PersonRequest<{ readonly flags: Readonly<Record<string, string | true>> }>;

/** Rejects where this person may not, or typed a flag that is not `known`; nothing is said before that is known. */
export async function requireMay(
  { command, event, words, answer }: Asked,
  { github }: Pick<AppWorld, 'github'>,
  known: readonly string[] = [],
): Promise<void> {
  refuseWhereClosed([judgePermission(event.author.login, await github.permissionOf(event.author))]);
  refuseUnknownFlags(command.flags, known);
  answer.begin(workingComment(words));
}

/** Says what was done, and what comes next. */
export async function tellDone(
  { event, words, answer }: Asked,
  said: { readonly message: string; readonly next: string | null },
  world: AppWorld,
): Promise<void> {
  await Promise.all([react('rocket', event, world), answer.write(doneComment({ words, ...said }))]);
}
