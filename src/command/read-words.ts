import type { Command, CommandError } from './command.ts';
import { commitOf } from './commit-of.ts';
import { readFlags } from './read-flags.ts';
import { readInputs } from './read-inputs.ts';
import { splitWords } from './split-words.ts';
import type { CommandRow } from './table.ts';

/** The longest reason, in characters: it has to fit into records and comments. */
const maxReason = 255;

/** What stands behind a known command. */
export function readWords(row: CommandRow, text: string, line: number): Command | CommandError {
  const whole = splitWords(text, line, row.takesInputs === true);
  if ('code' in whole) return whole;
  const split = readFlags(whole.words, row, line);
  if ('code' in split) return split;
  const { reason, for: time, sha, ...flags } = split.flags;
  const given = { reason: textOf(reason), for: textOf(time), sha: textOf(sha) };
  const read = readRow(row.name, split.words, given);
  if ('code' in read) {
    return { line, code: read.code, message: `${read.message} Usage: \`${row.usage}\`.` };
  }
  const typed = readInputs(whole.inputs ?? '', line);
  return 'code' in typed ? typed : { line, flags, ...typed, ...read };
}

/** A command without what every one has, or why it is none. */
type Read = Unlined<Command> | Misread;
type Unlined<C> = C extends Command ? Omit<C, 'line' | 'flags' | 'inputs'> : never;
type Misread = Pick<CommandError, 'code' | 'message'>;

/** The values of `--reason`, `--for` and `--sha`. */
interface Given {
  readonly reason: string | undefined;
  readonly for: string | undefined;
  readonly sha: string | undefined;
}

function readRow(name: Command['name'], words: readonly string[], given: Given): Read {
  switch (name) {
    case 'help':
      return readNone(name, words);
    case 'status':
      return readStatus(name, words);
    case 'approve':
      return readApprove(name, words, given);
    case 'reject':
      return readReject(name, words, given);
    case 'lock':
      return readWithReason(name, words, given);
    case 'pause':
      return readPause(name, words, given);
    case 'cancel':
    case 'unlock':
    case 'resume':
      return readPlain(name, words, given);
    case 'deploy':
    case 'plan':
    case 'rollback':
      return readWithCommit(name, words, given);
    case 'switch':
      return readSwitch(name, words, given);
    case 'promote':
      return readPromote(name, words, given);
  }
}

const noCommit = { ref: null, sha: null } as const;

function readNone(name: 'help', words: readonly string[]): Read {
  return words.length > 0
    ? tooMany('This command takes no words.')
    : { name, environment: null, ...noCommit, params: {} };
}

function readStatus(name: 'status', words: readonly string[]): Read {
  const [environment = null, ...more] = words;
  if (more.length > 0) return tooMany('This command takes one word.');
  return misnamed(environment) ?? { name, environment, ...noCommit, params: {} };
}

function readWithCommit(
  name: 'deploy' | 'plan' | 'rollback',
  words: readonly string[],
  given: Given,
): Read {
  const [environment, commit, ...more] = words;
  if (environment === undefined) return whichOne;
  const wrong = misnamed(environment);
  if (wrong) return wrong;
  if (more.length > 0) return tooMany('This command takes two words.');
  if (commit !== undefined && given.sha !== undefined) return tooMany('Give one commit.');
  const named = commitOf(given.sha === undefined ? commit : `@${given.sha.replace(/^@/, '')}`);
  if ('code' in named) return named;
  return withReason({ name, environment, ...named }, [], given);
}

function readSwitch(name: 'switch', words: readonly string[], given: Given): Read {
  const [environment, first, second, ...more] = words;
  if (environment === undefined) return whichOne;
  const isCommit = first?.startsWith('@') === true && second === undefined;
  const [target, to] = isCommit ? [undefined, first] : [first, second];
  const wrong = misnamed(environment) ?? mistargeted(target);
  if (wrong) return wrong;
  if (more.length > 0) return tooMany('This command takes three words.');
  if (to !== undefined && given.sha !== undefined) return tooMany('Give one commit.');
  const named = commitOf(given.sha === undefined ? to : `@${given.sha.replace(/^@/, '')}`);
  if ('code' in named) return named;
  const read = { name, environment, target: target ?? null, ...named };
  const said = withReason(read, [], given);
  if ('code' in said || target === undefined) return said;
  return { ...said, params: { ...said.params, target } };
}

/** One word may be the name of a target, or of a branch, a tag or a deployment. */
function mistargeted(word: string | undefined): Misread | null {
  if (word === undefined || !('code' in commitOf(word))) return null;
  return { code: 'invalid_ref', message: 'That is the name of neither a target nor a commit.' };
}

function readPromote(name: 'promote', words: readonly string[], given: Given): Read {
  const [from, environment, ...more] = words;
  if (from === undefined || environment === undefined) {
    return { code: 'missing_environment', message: 'From which environment to which one?' };
  }
  if (more.length > 0) return tooMany('This command takes two words.');
  const wrong = misnamed(from) ?? misnamed(environment);
  if (wrong) return wrong;
  if (from === environment) {
    return { code: 'invalid_environment', message: 'The two environments are the same.' };
  }
  const read = withReason({ name, from, environment, ...noCommit }, [], given);
  return 'code' in read ? read : { ...read, params: { ...read.params, from } };
}

function readApprove(name: 'approve', words: readonly string[], given: Given): Read {
  const [first, second, ...more] = words;
  if (more.length > 0) return tooMany('This command takes two words.');
  const isAlone = first !== undefined && second === undefined && digestIn(first) !== null;
  const [environment, typed] = isAlone ? [undefined, first] : [first, second];
  const wrong = misnamed(environment ?? null);
  if (wrong) return wrong;
  const digest = typed === undefined ? undefined : digestIn(typed);
  if (digest === null) {
    const message = 'After the environment come at least 8 hexadecimal digits of the plan.';
    return { code: 'invalid_digest', message };
  }
  const read = withReason({ name, environment: environment ?? null, ...noCommit }, [], given);
  if ('code' in read || digest === undefined) return read;
  return { ...read, params: { ...read.params, digest } };
}

function readReject(name: 'reject', words: readonly string[], given: Given): Read {
  const [first, ...rest] = words;
  // What holds white space was quoted: it is the reason, and the environment was left out.
  if (first !== undefined && /\s/u.test(first)) {
    return withReason({ name, environment: null, ...noCommit }, words, given);
  }
  const wrong = misnamed(first ?? null);
  return wrong ?? withReason({ name, environment: first ?? null, ...noCommit }, rest, given);
}

function readWithReason(name: 'lock', words: readonly string[], given: Given): Read {
  const [environment, ...rest] = words;
  if (environment === undefined) return whichOne;
  const wrong = misnamed(environment) ?? mistimed(given.for);
  return wrong ?? withTime(withReason({ name, environment, ...noCommit }, rest, given), given.for);
}

function readPause(name: 'pause', words: readonly string[], given: Given): Read {
  const [environment, ...rest] = words;
  if (environment === undefined) return whichOne;
  const isTimed = given.for === undefined && isDuration(rest[0]);
  const time = isTimed ? rest[0] : given.for;
  const wrong = mistimed(time) ?? misnamed(environment);
  if (wrong) return wrong;
  const said = isTimed ? rest.slice(1) : rest;
  return withTime(withReason({ name, environment, ...noCommit }, said, given), time);
}

function mistimed(time: string | undefined): Misread | null {
  if (time === undefined || isDuration(time)) return null;
  const message = 'A time is a number and s, m, h or d, such as 2h.';
  return { code: 'invalid_duration', message };
}

function withTime<T extends { readonly params: Readonly<Record<string, string>> }>(
  read: T | Misread,
  time: string | undefined,
): T | Misread {
  if (time === undefined || 'code' in read) return read;
  return { ...read, params: { ...read.params, for: time } };
}

function readPlain(
  name: 'cancel' | 'unlock' | 'resume',
  words: readonly string[],
  given: Given,
): Read {
  const [environment, ...more] = words;
  if (environment === undefined) return whichOne;
  if (more.length > 0) return tooMany('This command takes one word.');
  return misnamed(environment) ?? withReason({ name, environment, ...noCommit }, [], given);
}

/** With the reason in `params`: the words at the end of the line, or the flag's. */
function withReason<T extends object>(
  read: T,
  words: readonly string[],
  given: Given,
): (T & { readonly params: Readonly<Record<string, string>> }) | Misread {
  if (words.length > 0 && given.reason !== undefined) return tooMany('Give one reason.');
  const reason = words.length > 0 ? words.join(' ') : given.reason;
  if (reason === undefined || reason === '') return { ...read, params: {} };
  if (reason.length > maxReason) {
    return { code: 'invalid_reason', message: `A reason has at most ${maxReason} characters.` };
  }
  return { ...read, params: { reason } };
}

const whichOne: Misread = { code: 'missing_environment', message: 'Which environment?' };

function tooMany(message: string): Misread {
  return { code: 'too_many_words', message };
}

function misnamed(environment: string | null): Misread | null {
  if (environment === null || /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(environment)) return null;
  const message = `\`${shorten(environment)}\` is not the name of an environment.`;
  return { code: 'invalid_environment', message };
}

/** The digits that a plan's digest begins with; a word of 8 or more of them is never an environment. */
function digestIn(word: string): string | null {
  return /^(?:sha256:)?([0-9a-f]{8,64})$/.exec(word.toLowerCase())?.[1] ?? null;
}

function isDuration(word: string | undefined): word is string {
  return word !== undefined && /^[1-9]\d{0,5}[smhd]$/.test(word);
}

function textOf(value: string | true | undefined): string | undefined {
  return value === true ? undefined : value;
}

function shorten(word: string): string {
  return word.length > 63 ? `${word.slice(0, 62)}…` : word;
}
