import { SallyportError } from '../model/errors.ts';

const assignment = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=[^\S\n]*/;
const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/**
 * Variables of a .env file: `NAME=value`, `export NAME=value`, comments, 'literal' and
 * "escaped" values, which may have several lines. Nothing is substituted. An error names
 * the line, never what stands in it.
 */
export function parseDotEnv(text: string, path: string): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  const whole = text.replaceAll('\r\n', '\n').replace(/^\uFEFF/, '');
  let rest = whole;
  while (rest !== '') {
    const blank = /^[^\S\n]*(?:#[^\n]*)?(?:\n|$)/.exec(rest);
    if (blank !== null) {
      rest = rest.slice(blank[0].length);
      continue;
    }
    const [start, name] = assignment.exec(rest) ?? refuse(whole, rest, path);
    const after = rest.slice(start.length);
    const value = readValue(after) ?? refuse(whole, rest, path);
    variables.set(name!, value.text);
    rest = after.slice(value.length);
  }
  return variables;
}

function readValue(rest: string): { readonly text: string; readonly length: number } | null {
  const pattern =
    rest[0] === "'"
      ? /^'([^']*)'[^\S\n]*(?:#[^\n]*)?(?:\n|$)/
      : rest[0] === '"'
        ? /^"((?:[^"\\]|\\[^])*)"[^\S\n]*(?:#[^\n]*)?(?:\n|$)/
        : /^([^\n]*?)[^\S\n]*(?:(?:^|[^\S\n])#[^\n]*)?(?:\n|$)/;
  const match = pattern.exec(rest);
  if (match === null) return null;
  const text = rest[0] === '"' ? unescape(match[1]!) : match[1]!;
  return { text, length: match[0].length };
}

function unescape(text: string): string {
  return text.replace(/\\([^])/g, (_all, letter: string) => escapes[letter] ?? letter);
}

function refuse(text: string, rest: string, path: string): never {
  const line = text.slice(0, text.length - rest.length).split('\n').length;
  throw new SallyportError({
    code: 'env_invalid',
    message: `${path}:${line} is not NAME=value, nor a comment`,
    hint: `write NAME='value' on line ${line} of ${path}`,
  });
}
