import type { May } from '../config/people.ts';
import { judgePermission } from '../policy/permission.ts';
import { doneComment, workingComment } from '../report/answer-markdown.ts';
import type { Answer } from './answer.ts';
import type { Policy } from './configuration.ts';
import type { CommentEvent } from './events/comment.ts';
import { judgeMayOf } from './judge-may.ts';
import { react } from './react.ts';
import { refuseWhereClosed } from './refuse.ts';
import type { AppWorld } from './world.ts';

/** A command by which a person says a word on what is there, and where it stands. */
export interface PersonRequest<Command> {
  readonly command: Command;
  readonly event: CommentEvent;
  /** The command as it was typed. */
  readonly words: string;
  readonly answer: Answer;
  /** Of a button: the deployment that it stands under, which alone is meant. */
  readonly deployment?: number;
}

type Asked = PersonRequest<unknown>;

/** Rejects where this person may not; nothing is said before that is known. */
export async function requireMay(
  { event, words, answer }: Asked,
  { github }: Pick<AppWorld, 'github'>,
): Promise<void> {
  refuseWhereClosed([judgePermission(event.author.login, await github.permissionOf(event.author))]);
  answer.begin(workingComment(words));
}

/**
 * Rejects where the environment keeps this command from the person, and tells who may. An environment
 * that has left the policy keeps nothing.
 */
export async function requireMayHere(
  { command, event }: PersonRequest<{ readonly name: keyof May }>,
  environment: string,
  { config }: Policy,
  { github }: Pick<AppWorld, 'github'>,
): Promise<void> {
  const rules = config.environments[environment];
  if (!rules) return;
  refuseWhereClosed(await judgeMayOf(event.author, command.name, environment, rules, github));
}

/** Says what was done, and what comes next. */
export async function tellDone(
  { event, words, answer }: Asked,
  said: { readonly message: string; readonly next: string | null },
  world: AppWorld,
): Promise<void> {
  await Promise.all([react('rocket', event, world), answer.write(doneComment({ words, ...said }))]);
}
