import { parseComment } from '../command/parse-comment.ts';
import type { Command, CommandError } from '../command/command.ts';
import { asSallyportError } from '../model/errors.ts';
import { misreadComment, refusalComment } from '../report/answer-markdown.ts';
import { Answer } from './answer.ts';
import { styleOf } from './comment-style.ts';
import { approve } from './commands/approve.ts';
import { cancel } from './commands/cancel.ts';
import { deploy } from './commands/deploy.ts';
import { help } from './commands/help.ts';
import { lock } from './commands/lock.ts';
import { plan } from './commands/plan.ts';
import { reject } from './commands/reject.ts';
import { rollback } from './commands/rollback.ts';
import { changePause } from './commands/state.ts';
import { status } from './commands/status.ts';
import { unlock } from './commands/unlock.ts';
import type { CommentEvent } from './events/comment.ts';
import { react } from './react.ts';
import type { PersonRequest } from './person.ts';
import type { AppWorld } from './world.ts';

/**
 * A new comment. Where it holds no command at the start of a line, or was not written by a
 * person, GitHub is not asked for anything. `open` is called at the first need.
 */
export async function handleIssueComment(
  event: CommentEvent,
  open: () => Promise<AppWorld>,
): Promise<void> {
  if (!event.isByPerson) return;
  const { commands, errors } = parseComment(event.body);
  if (commands.length === 0 && errors.length === 0) return;
  const world = await open();
  const seen = react('eyes', event, world);
  if (errors.length > 0) await explainErrors(event, errors, world);
  for (const command of commands) await carryOut(command, event, world);
  await seen;
}

async function explainErrors(
  event: CommentEvent,
  errors: readonly CommandError[],
  world: AppWorld,
): Promise<void> {
  await Promise.all([
    react('confused', event, world),
    world.github.say(event.issue, misreadComment(errors)),
  ]);
}

async function carryOut(command: Command, event: CommentEvent, world: AppWorld): Promise<void> {
  const answer = new Answer(world.github, event.issue);
  const words = event.body.split('\n')[command.line - 1]?.trim() ?? `/${command.name}`;
  const at = { event, words, answer };
  await answering(at, world, () => run(command, at, world));
}

/** Does the work, and answers with why where it is refused. */
export async function answering(
  { event, words, answer }: Asked,
  world: AppWorld,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    const error = asSallyportError(thrown);
    const { refusal } = await styleOf(world);
    await Promise.all([
      react('confused', event, world),
      answer.write(refusalComment({ words, ...tellable(error) }, refusal)),
    ]);
    // What may pass by itself, or is our own fault, is a failed delivery too: it can be sent again.
    if (error.next === 'retry' || error.next === 'bug') throw error;
  }
}

/** Who asked, with which words, and what answers them; `button` where it was pressed instead of typed. */
export type Asked = Omit<PersonRequest<Command>, 'command'> & { readonly button?: string };

/** Carries a command out, whoever asked for it and how. Rejects where it is refused. */
export async function run(command: Command, at: Asked, world: AppWorld): Promise<void> {
  switch (command.name) {
    case 'help':
      return help(at.answer, world);
    case 'status':
      return status(command.environment, at.answer, world);
    case 'deploy':
      return deploy({ ...at, command }, world);
    case 'rollback':
      return rollback({ ...at, command }, world);
    case 'plan':
      return plan({ ...at, command }, world);
    case 'approve':
      return approve({ ...at, command }, world);
    case 'reject':
      return reject({ ...at, command }, world);
    case 'cancel':
      return cancel({ ...at, command }, world);
    case 'lock':
      return lock({ ...at, command }, world);
    case 'unlock':
      return unlock({ ...at, command }, world);
    case 'pause':
    case 'resume':
      return changePause({ ...at, command }, world);
  }
}

/** The text of a bug may hold anything, so people only learn that there was one. */
function tellable({ message, hint, next }: ReturnType<typeof asSallyportError>): {
  readonly message: string;
  readonly hint: string | null;
} {
  if (next !== 'bug') return { message, hint: hint ?? null };
  return { message: 'Sallyport itself failed', hint: 'Look at the log of the App.' };
}
