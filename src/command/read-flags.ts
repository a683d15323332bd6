import type { Command, CommandError } from './command.ts';
import type { Word } from './split-words.ts';

/** Flags whose value may also be the word behind them: `--for 2h`. */
const withValue: readonly string[] = ['for', 'reason'];

interface Split {
  readonly flags: Command['flags'];
  /** The words that are no flags. */
  readonly words: readonly string[];
}

/** `--name`, `--name=value` and, of those that have one, `--name value`; a name is given once. */
export function readFlags(all: readonly Word[], line: number): Split | CommandError {
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
    if (flags.has(name)) {
      return { line, code: 'duplicate_flag', message: `The flag \`--${name}\` is given twice.` };
    }
    const next = all[at + 1];
    if (value === undefined && withValue.includes(name)) {
      if (next === undefined || isFlag(next)) {
        return { line, code: 'invalid_flag', message: `Give it a value: \`--${name}=…\`.` };
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
