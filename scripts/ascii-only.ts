import type { Plugin } from 'rolldown';

/**
 * Writes what is not ASCII as escapes. V8 keeps a source with a single `…` in it at two bytes a
 * character for as long as the program runs.
 */
export const asciiOnly: Plugin = {
  name: 'ascii-only',
  generateBundle(_options, bundle) {
    for (const part of Object.values(bundle)) {
      if (part.type === 'chunk') part.code = escapeNonAscii(part.code);
    }
  },
};

/** The same program: outside comments such characters stand in strings, regular expressions and names only. */
export function escapeNonAscii(code: string): string {
  return code.replaceAll(/(\\*)([^\0-\x7f])/g, (_all, slashes: string, unit: string) => {
    // A backslash before such a character means nothing, and before an escape would end it.
    const isEscaped = slashes.length % 2 === 1;
    const hex = unit.charCodeAt(0).toString(16).padStart(4, '0');
    return `${isEscaped ? slashes.slice(1) : slashes}\\u${hex}`;
  });
}
