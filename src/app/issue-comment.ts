import { linesOf } from '../command/command-lines.ts';
import { parseComment } from '../command/parse-comment.ts';
import type { Command, CommandError, DeployCommand, PlanCommand } from '../command/command.ts';
import { asSallyportError, type SallyportError } from '../model/errors.ts';
import { misreadComment, refusalComment } from '../report/answer-markdown.ts';
import { Answer } from './answer.ts';
import { styleOf } from './comment-style.ts';
import { approve } from './commands/approve.ts';
import { cancel } from './commands/cancel.ts';
import { deploy } from './commands/deploy.ts';
import { help } from './commands/help.ts';
import { lock } from './commands/lock.ts';
import { plan } from './commands/plan.ts';
import { promote } from './commands/promote.ts';
import { reject } from './commands/reject.ts';
import { rollback } from './commands/rollback.ts';
import { changePause } from './commands/state.ts';
import { status } from './commands/status.ts';
import { switchTraffic } from './commands/switch.ts';
import { unlock } from './commands/unlock.ts';
import type { CommentEvent } from './events/comment.ts';
import { asNamedBot } from './named-bot.ts';
import { react } from './react.ts';
import type { PersonRequest } from './person.ts';
import type { AppWorld } from './world.ts';

/**
 * A new comment. Where it holds no command at the start of a line, GitHub is not asked for anything.
 * `open` is called at the first need. Commands are carried out one after the other; one that is
 * refused keeps no other one from its turn. Rejects where GitHub is out of reach, and where one
 * of them met a bug: the delivery may be sent again.
 */
export async function handleIssueComment(
  event: CommentEvent,
  open: () => Promise<AppWorld>,
): Promise<void> {
  const { commands, errors } = parseComment(event.body);
  if (commands.length === 0 && (errors.length === 0 || !event.isByPerson)) return;
  const opened = await open();
  const world = event.isByPerson ? opened : await asNamedBot(event, opened);
  if (!world) return;
  const seen = react('eyes', event, world);
  if (errors.length > 0) await explainErrors(event, errors, world);
  const bugs: SallyportError[] = [];
  for (const command of commands) {
    const failed = await carryOut(command, event, world);
    if (failed?.next === 'retry') throw failed;
    if (failed?.next === 'bug') bugs.push(failed);
  }
  await seen;
  if (bugs[0]) throw bugs[0];
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

/** Gives why it was refused, which the writer was told; `null` where it was not. */
async function carryOut(
  command: Command,
  event: CommentEvent,
  world: AppWorld,
): Promise<SallyportError | null> {
  const key = `answer ${world.repository.id} ${event.comment} ${command.line}`;
  const place = world.answers ? { memory: world.answers, key } : null;
  const heard = ofTheMoment.has(command.name) ? `heard ${key}` : null;
  if (heard !== null && (await world.answers?.recall(heard))) return null;
  const answer = new Answer(world.github, event.issue, place);
  const words = linesOf(event.body)[command.line - 1]?.trim() ?? `/${command.name}`;
  const at = { event, words, answer };
  const failed = await answering(at, world, () => run(command, at, world));
  const isTriedAgain = failed?.next === 'retry' || failed?.next === 'bug';
  if (heard !== null && !isTriedAgain) await world.answers?.keep(heard, 'yes');
  return failed;
}

/**
 * They mean what is there when they are typed. Delivered again, they would end or approve what came
 * since; a job cannot, as its id follows from the comment.
 */
const ofTheMoment: ReadonlySet<Command['name']> = new Set(['approve', 'reject', 'cancel']);

/** Does the work, and answers with why where it is refused; gives that, or `null`. */
export async function answering(
  { event, words, answer }: Asked,
  world: AppWorld,
  work: () => Promise<void>,
): Promise<SallyportError | null> {
  try {
    await work();
    return null;
  } catch (thrown) {
    const error = asSallyportError(thrown);
    const { refusal } = await styleOf(world);
    await Promise.all([
      react('confused', event, world),
      answer.write(refusalComment({ words, ...tellable(error) }, refusal)),
    ]);
    return error;
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
      return isPlanOnly(command)
        ? plan({ ...at, command: planOf(command) }, world)
        : deploy({ ...at, command }, world);
    case 'promote':
      return promote({ ...at, command }, world);
    case 'rollback':
      return rollback({ ...at, command }, world);
    case 'switch':
      return switchTraffic({ ...at, command }, world);
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

function isPlanOnly({ flags }: DeployCommand): boolean {
  return flags['plan-only'] === true;
}

/** `/deploy --plan-only` is `/plan`. */
function planOf(command: DeployCommand): PlanCommand {
  const {
    'plan-only': _,
    force: __,
    stage: ___,
    'force-quarantined': ____,
    ...flags
  } = command.flags;
  return { ...command, name: 'plan', flags };
}

/** The text of a bug may hold anything, so people only learn that there was one. */
function tellable({ message, hint, next }: ReturnType<typeof asSallyportError>): {
  readonly message: string;
  readonly hint: string | null;
} {
  if (next !== 'bug') return { message, hint: hint ?? null };
  return { message: 'Sallyport itself failed', hint: 'Look at the log of the App.' };
}
