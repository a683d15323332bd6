import { compilePattern } from './glob.ts';

/** What the program writes at the destination, by `keep`: never in a plan, and there after every switch. */
export interface Kept {
  /**
   * Folders that are kept whole (`cache/**`). They live beside the directories that are switched,
   * each of which has a symbolic link to them: what is written during a switch is never elsewhere.
   */
  readonly folders: readonly string[];
  isKept(path: string): boolean;
}

export function keptOf(patterns: readonly string[]): Kept {
  const all = patterns.map(folderOf).filter((folder) => folder !== null);
  const folders = [...new Set(all)].filter(
    (folder) => !all.some((other) => isBelow(folder, other)),
  );
  const matchers = patterns.map(compilePattern);
  return {
    folders,
    isKept: (path) =>
      matchers.some((matches) => matches(path)) ||
      folders.some((folder) => path === folder || isBelow(path, folder)),
  };
}

/** The folder that a pattern keeps whole; `null` where it names files. */
function folderOf(pattern: string): string | null {
  const folder = /^([^*?]+?)\/(?:\*\*)?$/.exec(pattern)?.[1];
  return folder ?? null;
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}
