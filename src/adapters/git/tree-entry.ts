/** One entry of a commit's tree, as any program that reads it may give it. */
export interface TreeEntry {
  readonly kind: 'file' | 'executable' | 'link';
  /** Relative to the folder that is laid out, parts separated by `/`. */
  readonly path: string;
  readonly oid: string;
}

export interface UnsafeEntry {
  readonly path: string;
  readonly why: string;
}

/** What a Git mode means; `null` for what is left out (submodules, folders). */
export function kindOfMode(mode: string): TreeEntry['kind'] | null {
  if (mode === '120000') return 'link';
  if (!mode.startsWith('100')) return null;
  return (Number.parseInt(mode, 8) & 0o100) === 0 ? 'file' : 'executable';
}

/**
 * The first entry that a well-made tree never has: names that climb, that pose as
 * `.git` (also where case, ignorable characters or 8.3 names are folded), a path given
 * twice, a file that is a folder too.
 */
export function findUnsafePath(entries: readonly TreeEntry[]): UnsafeEntry | null {
  const seen = new Set<string>();
  for (const { path } of entries) {
    const why = path.split('/').map(whyUnsafePart).find(Boolean);
    if (why) return { path, why };
    if (seen.has(path)) return { path, why: 'stands twice in the tree' };
    seen.add(path);
  }
  for (const { path } of entries) {
    const above = foldersAbove(path).find((folder) => seen.has(folder));
    if (above !== undefined) return { path, why: `lies below ${above}, which is no folder` };
  }
  return null;
}

function whyUnsafePart(part: string): string | null {
  if (part === '' || part === '.' || part === '..') return 'is no path inside the tree';
  if (part.includes('\0') || part.includes('\uFFFD')) return 'is not in UTF-8';
  if (posesAsGit(part)) return 'poses as a .git folder';
  return null;
}

/** Characters that HFS+ ignores in names. */
const ignorable = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

function posesAsGit(part: string): boolean {
  const folded = part.replace(ignorable, '').toLowerCase();
  return /^(\.git|git~1)[ .]*(:.*|\\.*)?$/.test(folded) || folded.includes('\\.git');
}

function foldersAbove(path: string): readonly string[] {
  const folders: string[] = [];
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
    folders.push(path.slice(0, at));
  }
  return folders;
}
