import type { GitFile } from '../../ports/git.ts';
import { StepFailure } from '../target.ts';

/** A file or a link in a directory: Git's own words, so that equal content has an equal id. */
export interface TreeFile {
  /** `other`: a socket, a pipe, a device; Git has none of them. */
  readonly kind: GitFile['kind'] | 'other';
  readonly oid: string;
}

/** Files by path, with `/`. Folders are there by what is in them. */
export type Tree = ReadonlyMap<string, TreeFile>;

/** `own` over `common`: what stands at a path of `own`, or in the way of one, is not in `common` any more. */
export function overlay<File extends GitFile>(
  common: readonly File[],
  own: readonly File[],
): Map<string, File> {
  if (common.length === 0) return new Map(own.map((file) => [file.path, file]));
  const tree = new Map<string, File>();
  const names = new Set(own.map(({ path }) => path));
  const folders = new Set(own.flatMap(({ path }) => foldersAbove(path)));
  for (const file of common) {
    const { path } = file;
    if (folders.has(path) || foldersAbove(path).some((folder) => names.has(folder))) continue;
    tree.set(path, file);
  }
  for (const file of own) tree.set(file.path, file);
  return tree;
}

/** Refuses a path that does not lead to a file inside of the tree; Git's own check is not relied on. */
export function assertSafePaths(paths: Iterable<string>): void {
  for (const path of paths) {
    if (!/(?:^|\/)\.{0,2}(?:\/|$)/.test(path) && !path.includes('\0')) continue;
    throw new StepFailure('unsafe_path', `${JSON.stringify(path)} is no path inside the tree`);
  }
}

export function isSame(a: TreeFile | undefined, b: TreeFile | undefined): boolean {
  return a !== undefined && b !== undefined && a.oid === b.oid && a.kind === b.kind;
}

/** `a`, `a/b` of `a/b/c`. */
export function foldersAbove(path: string): readonly string[] {
  const folders: string[] = [];
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
    folders.push(path.slice(0, at));
  }
  return folders;
}

export interface Split {
  /** What is there and is Git's business. */
  readonly managed: Tree;
  /** What is there, is not in Git, and stays: sorted. */
  readonly unmanaged: readonly string[];
}

/** With `prune`, everything is Git's business; without, what Git does not know and is not in its way stays. */
export function splitActual(desired: Tree, actual: Tree, prune: boolean): Split {
  if (prune) return { managed: actual, unmanaged: [] };
  const managed = new Map(actual);
  const folders = new Set([...desired.keys()].flatMap(foldersAbove));
  for (const path of actual.keys()) {
    const isInTheWay =
      folders.has(path) || foldersAbove(path).some((folder) => desired.has(folder));
    if (!desired.has(path) && !isInTheWay) managed.delete(path);
  }
  const unmanaged = [...actual.keys()].filter((path) => !managed.has(path)).toSorted();
  return { managed, unmanaged };
}
