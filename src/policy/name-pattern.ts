/**
 * Whether a name fits one of GitHub's patterns for branches and tags, which are those of Ruby's
 * `File.fnmatch` with FNM_PATHNAME: `*` and `?` stand for anything but a slash, `**` before a
 * slash for folders, `[…]` for one character.
 */
export function matchesAnyName(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => matchesName(pattern, name));
}

/** Whether a pattern uses nothing but `*`, as `require.refs` does too. */
export function isPlainPattern(pattern: string): boolean {
  return !/\*\*|[?[\]\\{}]/.test(pattern);
}

function matchesName(pattern: string, name: string): boolean {
  let source = '';
  for (const [part] of pattern.matchAll(token)) source += sourceOf(part);
  try {
    return new RegExp(`^${source}$`, 'su').test(name);
  } catch {
    // A class that means nothing fits nothing.
    return false;
  }
}

const token = /\*\*\/|\*+|\?|\[[!^]?[^\]/]+\]|\\.|./gsu;

function sourceOf(part: string): string {
  if (part === '**/') return '(?:[^/]+/)*';
  if (part.startsWith('*')) return '[^/]*';
  if (part === '?') return '[^/]';
  if (part.length > 1 && part.startsWith('[')) return classOf(part.slice(1, -1));
  return literal(part.length > 1 && part.startsWith('\\') ? part.slice(1) : part);
}

function classOf(inside: string): string {
  const negated = /^[!^]/.test(inside);
  const members = inside.replace(/^[!^]/, '').replaceAll(/[\\^[\]]/g, '\\$&');
  return negated ? `(?!/)[^${members}]` : `(?!/)[${members}]`;
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.+?()[\]{}|/*]/g, '\\$&');
}
