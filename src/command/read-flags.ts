import type { Command, CommandError } from './command.ts';

/** `--name` and `--name=value`; a name is given once. */
export function readFlags(
  words: readonly string[],
  line: number,
): { readonly flags: Command['flags'] } | CommandError {
  const flags = new Map<string, string | true>();
  for (const word of words) {
    const [, name, value] = /^(?:--|—)([a-z][a-z0-9-]{0,39})(?:=(.{1,255}))?$/u.exec(word) ?? [];
    if (name === undefined) {
      const message = 'A flag is `--name` or `--name=value`, in lower-case letters.';
      return { line, code: 'invalid_flag', message };
    }
    if (flags.has(name)) {
      return { line, code: 'duplicate_flag', message: `The flag \`--${name}\` is given twice.` };
    }
    flags.set(name, value ?? true);
  }
  return { flags: Object.fromEntries(flags) };
}
