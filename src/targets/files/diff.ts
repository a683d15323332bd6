import type { Change } from '../../model/plan.ts';
import { resourceChanges, type Resource, type Resources } from './resource-changes.ts';
import { isSame, type Tree, type TreeFile } from './tree.ts';

/** A tree, and what was read in those of its files that hold resources and differ. */
export interface Side {
  readonly files: Tree;
  readonly resources: Resources;
  /** Files that were read as resources. */
  readonly read: ReadonlySet<string>;
}

/** Paths at which two trees differ. */
export function differingPaths(desired: Tree, actual: Tree): readonly string[] {
  const paths: string[] = [];
  for (const [path, file] of desired) if (!isSame(file, actual.get(path))) paths.push(path);
  for (const path of actual.keys()) if (!desired.has(path)) paths.push(path);
  return paths;
}

/**
 * What would have to be done to `actual` for it to be `desired`: in words of resources where files
 * were read as such, else of files. Every path that differs is named by a change.
 */
export function diff(desired: Side, actual: Side): readonly Change[] {
  const isRead = (path: string): boolean =>
    (desired.read.has(path) || !desired.files.has(path)) &&
    (actual.read.has(path) || !actual.files.has(path));
  const paths = differingPaths(desired.files, actual.files);
  const resources = resourceChanges(
    inFiles(desired.resources, isRead),
    inFiles(actual.resources, isRead),
  );
  const told = new Set(resources.flatMap(({ path, from }) => [path, from]));
  // Only comments or the order of keys differ, or nothing can be said of what is in the file.
  const rest = paths.filter((path) => !told.has(path) || hasOtherMode(path, desired, actual));
  return [...resources, ...fileChanges(rest, desired.files, actual.files)];
}

function inFiles(resources: Resources, isRead: (path: string) => boolean): Resources {
  return new Map([...resources].filter(([, { path }]: [string, Resource]) => isRead(path)));
}

function hasOtherMode(path: string, desired: Side, actual: Side): boolean {
  const [wanted, found] = [desired.files.get(path), actual.files.get(path)];
  return wanted !== undefined && found !== undefined && wanted.kind !== found.kind;
}

function fileChanges(paths: readonly string[], desired: Tree, actual: Tree): readonly Change[] {
  const origins = findOrigins(paths, desired, actual);
  const renamed = new Set(origins.values());
  return paths
    .filter((path) => !renamed.has(path))
    .map((path): Change => {
      const resource = `File/${path}`;
      const [wanted, found] = [desired.get(path), actual.get(path)];
      const from = origins.get(path);
      if (wanted === undefined) return { action: 'remove', resource, path, breaking: false };
      if (from !== undefined) return { action: 'rename', resource, path, from, breaking: false };
      if (found === undefined) return { action: 'add', resource, path, breaking: false };
      return { action: 'modify', resource, path, ...changedFields(wanted, found), breaking: false };
    });
}

function changedFields(wanted: TreeFile, found: TreeFile): { readonly fields?: readonly string[] } {
  if (wanted.kind === found.kind) return {};
  const isBit = wanted.kind !== 'link' && found.kind !== 'link' && found.kind !== 'other';
  return { fields: [isBit ? 'mode' : 'kind'] };
}

/** Which path each added file was at before: one that goes and has the same content. */
function findOrigins(
  paths: readonly string[],
  desired: Tree,
  actual: Tree,
): ReadonlyMap<string, string> {
  const gone = new Map<string, string[]>();
  for (const path of paths.filter((it) => !desired.has(it)).toSorted()) {
    const id = idOf(actual.get(path)!);
    gone.set(id, [...(gone.get(id) ?? []), path]);
  }
  const origins = new Map<string, string>();
  for (const path of paths.filter((it) => !actual.has(it)).toSorted()) {
    const file = desired.get(path)!;
    const origin = file.oid === emptyOid ? undefined : gone.get(idOf(file))?.shift();
    if (origin !== undefined) origins.set(path, origin);
  }
  return origins;
}

/** Files without content are alike without ever having been renamed. */
const emptyOid = 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391';

function idOf({ kind, oid }: TreeFile): string {
  return `${kind} ${oid}`;
}
