/**
 * Whether a branch's or tag's short name fits a pattern: `*` stands for anything but
 * a slash, `**` for anything, everything else for itself.
 */
export function matchesRef(pattern: string, name: string): boolean {
  const source = pattern
    .split(/(\*+)/)
    .map((part) =>
      part.startsWith('**') ? '.*' : part === '*' ? '[^/]*' : part.replace(special, '\\$&'),
    )
    .join('');
  return new RegExp(`^${source}$`, 'su').test(name);
}

export function matchesAnyRef(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => matchesRef(pattern, name));
}

const special = /[\\^$.+?()[\]{}|/]/g;
