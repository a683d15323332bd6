import type { CommandError } from './command.ts';

export interface Word {
  readonly text: string;
  /** Written in double quotes: never a flag. */
  readonly isQuoted: boolean;
}

interface SplitLine {
  readonly words: readonly Word[];
  /** What stands after the first `|`; `null` where there is none. */
  readonly inputs: string | null;
}

/** A quoted text: straight quotes, or the round ones that keyboards make of them. */
const quoted = /^["“”]([^"“”]*)["“”](?=\s|$)/u;
const flagBefore = /^(?:--|—)[a-z][a-z0-9-]{0,39}=(?=["“”])/;

/**
 * Words of a line, divided by white space of any kind, no-break too. Quotes count where a word, or
 * the value of a flag, begins with them; everywhere else they are letters. With `takesInputs`, a
 * word that begins with `|` ends them.
 */
export function splitWords(
  line: string,
  at: number,
  takesInputs: boolean,
): SplitLine | CommandError {
  const words: Word[] = [];
  let rest = line.trimStart();
  while (rest !== '') {
    if (takesInputs && rest.startsWith('|')) return { words, inputs: rest.slice(1) };
    const [flag = ''] = flagBefore.exec(rest) ?? [];
    const [whole, inner] = quoted.exec(rest.slice(flag.length)) ?? [];
    if (whole !== undefined && inner !== undefined) {
      words.push({ text: flag + inner.replace(/\s+/gu, ' '), isQuoted: flag === '' });
      rest = rest.slice(flag.length + whole.length).trimStart();
      continue;
    }
    if (flag !== '' || /^["“”]/u.test(rest)) {
      return { line: at, code: 'invalid_quote', message: 'A quote that begins has to end.' };
    }
    const [text = ''] = /^\S+/u.exec(rest) ?? [];
    words.push({ text, isQuoted: false });
    rest = rest.slice(text.length).trimStart();
  }
  return { words, inputs: null };
}
