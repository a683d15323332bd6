/**
 * Whether a path matches a pattern: `*` and `?` stand for characters of a name, `**` for any
 * number of folders; at the end, for everything below. Never backtracks over more than one star,
 * for patterns come from repositories.
 */
export function compilePattern(pattern: string): (path: string) => boolean {
  const parts = pattern.replace(/\/$/, '/**').split('/').flatMap(partsOf);
  return (path) =>
    matchAll(parts, path.split('/'), (part, name) =>
      typeof part === 'string' ? part === name : matchAll(part, Array.from(name), isCharacter),
    );
}

/** Characters of a name; a plain text where none of them is special; `null` for `**`. */
type Part = string | readonly (string | null)[] | null;

function partsOf(text: string, at: number, all: readonly string[]): readonly Part[] {
  // `a/**` is what is below `a`, so there is one name at least.
  if (text === '**') return at === all.length - 1 ? [[null], null] : [null];
  if (!/[*?]/.test(text)) return [text];
  return [Array.from(text, (character) => (character === '*' ? null : character))];
}

function isCharacter(wanted: string, found: string): boolean {
  return wanted === '?' || wanted === found;
}

/** `null` in `pattern` stands for any number of elements, also none. */
function matchAll<Wanted, Found>(
  pattern: readonly (Wanted | null)[],
  found: readonly Found[],
  matches: (wanted: Wanted, found: Found) => boolean,
): boolean {
  let [at, from] = [0, 0];
  let star: { readonly at: number; readonly from: number } | null = null;
  while (from < found.length) {
    const wanted = pattern[at];
    if (wanted === null) {
      star = { at, from };
      at += 1;
    } else if (wanted !== undefined && matches(wanted, found[from]!)) {
      at += 1;
      from += 1;
    } else if (star !== null) {
      star = { at: star.at, from: star.from + 1 };
      [at, from] = [star.at + 1, star.from];
    } else return false;
  }
  return pattern.slice(at).every((wanted) => wanted === null);
}
