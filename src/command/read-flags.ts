import { nearest } from '../model/nearest.ts';
import type { Command, CommandError } from './command.ts';
import { valueOf, type FlagName } from './flags.ts';
import type { Word } from './split-words.ts';
import type { CommandRow } from './table.ts';

interface Split {
  readonly flags: Command['flags'];
  /** The words that are no flags. */
  readonly words: readonly string[];
}

/** `--name`, `--name=value` and, of those that have one, `--name value`; a name is given once. */
export function readFlags(
  all: readonly Word[],
  row: CommandRow,
  line: number,
): Split | CommandError {
  const flags = new Map<string, string | true>();
  const words: string[] = [];
  for (let at = 0; at < all.length; at += 1) {
    const word = all[at]!;
    if (!isFlag(word)) {
      words.push(word.text);
      continue;
    }
    const [, name, value] =
      /^(?:--|—)([a-z][a-z0-9-]{0,39})(?:=(.{1,255}))?$/u.exec(word.text) ?? [];
    if (name === undefined) {
      const message = 'A flag is `--name` or `--name=value`, in lower-case letters.';
      return { line, code: 'invalid_flag', message };
    }
    if (!isOf(name, row)) return { line, ...notTaken(name, row) };
    if (flags.has(name)) {
      return { line, code: 'duplicate_flag', message: `The flag \`--${name}\` is given twice.` };
    }
    const takes = valueOf(name);
    if (takes === null && value !== undefined) {
      return { line, code: 'invalid_flag', message: `Nothing stands behind \`--${name}\`.` };
    }
    const next = all[at + 1];
    if (takes !== null && value === undefined) {
      if (next === undefined || isFlag(next)) {
        const message = `\`--${name}\` takes ${takes}: \`--${name}=…\`.`;
        return { line, code: 'invalid_flag', message };
      }
      flags.set(name, next.text);
      at += 1;
    } else flags.set(name, value ?? true);
  }
  return { flags: Object.fromEntries(flags), words };
}

/** People's keyboards make a long dash of two short ones; a dash that stands alone is prose. */
function isFlag({ text, isQuoted }: Word): boolean {
  return !isQuoted && /^(--|—)[^-—]/u.test(text);
}

function isOf(name: string, { flags }: CommandRow): name is FlagName {
  const known: readonly string[] = flags;
  return known.includes(name);
}

function notTaken(name: string, row: CommandRow): Omit<CommandError, 'line'> {
  const meant = nearest(name, row.flags);
  const known = row.flags.map((flag) => `\`--${flag}\``).join(', ');
  const help =
    meant === undefined ? `It takes ${known || 'none'}.` : `Did you mean \`--${meant}\`?`;
  return {
    code: 'invalid_flag',
    message: `\`/${row.name}\` takes no \`--${name}\`. ${help}`,
    ...(meant === undefined ? {} : { did_you_mean: `--${meant}` }),
  };
}
