import { SallyportError } from '../../../model/errors.ts';

/** A word of `ExecStart=:`, in quotes: white space, quotes and specifiers mean nothing in it. */
export function quoteWord(word: string): string {
  refuse(word, /\0/, 'a NUL character');
  const escaped = word
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('%', '%%')
    // What has no letter of its own is a byte in hexadecimal; a line break would end the setting.
    .replaceAll(/\p{Cc}/gu, hexOf);
  return `"${escaped}"`;
}

/** The value of a setting that is taken as it stands: a path or a text that ends with its line. */
export function plainValue(text: string): string {
  // A backslash at the end would join the next line to it; white space there is cut off.
  refuse(text, /\p{Cc}|[\\\s]$|^\s/u, 'a control character, or white space at an end');
  return text.replaceAll('%', '%%');
}

/** A path in a list that is split at white space. Backslashes stand for themselves there. */
export function quotePath(path: string): string {
  refuse(path, /[\p{Cc}"]/u, 'a control character or a quotation mark');
  return `"${path.replaceAll('%', '%%')}"`;
}

function refuse(text: string, pattern: RegExp, what: string): void {
  if (!pattern.test(text)) return;
  throw new SallyportError({
    code: 'start_failed',
    message: `a unit of systemd cannot hold ${JSON.stringify(text)}: it has ${what}`,
    hint: 'rename it, or use `init: process`',
  });
}

function hexOf(character: string): string {
  return [...Buffer.from(character, 'utf8')]
    .map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`)
    .join('');
}
