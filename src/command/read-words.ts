import type { Command, CommandError } from './command.ts';
import { commitOf } from './commit-of.ts';
import { readFlags } from './read-flags.ts';
import type { CommandRow } from './table.ts';

/** What stands behind a known command. White space of any kind, no-break too, divides words. */
export function readWords(row: CommandRow, text: string, line: number): Command | CommandError {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const flags = readFlags(words.filter(isFlag), line);
  if ('code' in flags) return flags;
  const [environment, commit, extra] = words.filter((word) => !isFlag(word));
  const base = { line, flags: flags.flags, params: {} };
  const fail = (code: CommandError['code'], message: string): CommandError => ({
    line,
    code,
    message: `${message} Usage: \`${row.usage}\`.`,
  });

  if (environment !== undefined && row.name !== 'help' && !isEnvironment(environment)) {
    return fail(
      'invalid_environment',
      `\`${shorten(environment)}\` is not the name of an environment.`,
    );
  }
  switch (row.name) {
    case 'help': {
      if (environment !== undefined) return fail('too_many_words', 'This command takes no words.');
      return { ...base, name: 'help', environment: null, ref: null, sha: null };
    }
    case 'status': {
      if (commit !== undefined) return fail('too_many_words', 'This command takes one word.');
      return { ...base, name: 'status', environment: environment ?? null, ref: null, sha: null };
    }
    default: {
      if (environment === undefined) return fail('missing_environment', 'Which environment?');
      if (extra !== undefined) return fail('too_many_words', 'This command takes two words.');
      const named = commitOf(commit);
      if ('code' in named) return fail(named.code, named.message);
      return { ...base, ...named, name: row.name, environment };
    }
  }
}

/** People's keyboards make a long dash of two short ones. */
function isFlag(word: string): boolean {
  return /^(--|—)/.test(word);
}

function isEnvironment(word: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(word);
}

function shorten(word: string): string {
  return word.length > 63 ? `${word.slice(0, 62)}…` : word;
}
