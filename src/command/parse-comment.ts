import { nearest } from '../model/nearest.ts';
import type { Command, CommandError } from './command.ts';
import { commandLines, type TextLine } from './command-lines.ts';
import { readWords } from './read-words.ts';
import { commandTable } from './table.ts';

/** More commands than this in one comment are no longer typed by a person. */
const maxCommands = 10;

/**
 * The commands of a comment, in their order, and the lines that were meant as one and are none.
 * Both are empty for a comment without a line that starts with `/word`. Pure; never throws.
 */
export function parseComment(text: string): {
  readonly commands: readonly Command[];
  readonly errors: readonly CommandError[];
} {
  const commands: Command[] = [];
  const errors: CommandError[] = [];
  for (const line of commandLines(text)) {
    const outcome = readLine(line);
    if (outcome === null) continue;
    if (commands.length + errors.length === maxCommands) {
      const message = `More than ${maxCommands} commands in one comment are not read.`;
      return { commands: [], errors: [{ line: line.line, code: 'too_many_commands', message }] };
    }
    if ('code' in outcome) errors.push(outcome);
    else commands.push(outcome);
  }
  return { commands, errors };
}

/** `null` for a line that only happens to start with a slash: a path, a word far from every command. */
function readLine({ line, text }: TextLine): Command | CommandError | null {
  const [, word] = /^\/([A-Za-z][A-Za-z-]{0,30})(?=\s|$)/.exec(text) ?? [];
  if (word === undefined) return null;
  const row = commandTable.find(({ name }) => name === word);
  if (row) return readWords(row, text.slice(word.length + 1), line);
  const known = commandTable.map(({ name }) => name);
  const meant = nearest(word, known);
  if (meant === undefined) return null;
  return {
    line,
    code: 'unknown_command',
    message: `There is no command \`/${word}\`. Did you mean \`/${meant}\`?`,
    did_you_mean: `/${meant}`,
  };
}
