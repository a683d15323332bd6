import type { Sha } from '../../../model/job.ts';
import { commitMissing, pathMissing } from '../git-errors.ts';
import { kindOfMode, type TreeEntry } from '../tree-entry.ts';
import { hasCommit } from './read.ts';
import { runGit } from './run-git.ts';

/** Every file and link below a folder of a commit; '' is the root. */
export async function listTree(
  cwd: string,
  sha: Sha,
  folder: string,
): Promise<readonly TreeEntry[]> {
  const { code, stdout } = await runGit(['ls-tree', '-r', '-z', `${sha}:${folder}`], { cwd });
  if (code === 0) return parseTree(stdout);
  throw (await hasCommit(cwd, sha)) ? pathMissing(sha, folder) : commitMissing(sha);
}

/** The file at a path of a commit; `null` where there is none, or something else. */
export async function findFile(cwd: string, sha: Sha, path: string): Promise<TreeEntry | null> {
  const { code, stdout } = await runGit(['ls-tree', '-z', sha, '--', path], { cwd });
  if (code !== 0) throw commitMissing(sha);
  return parseTree(stdout).find((entry) => entry.path === path && entry.kind !== 'link') ?? null;
}

/** Lines of `mode type oid\tpath`, ended by NUL. */
function parseTree(text: string): readonly TreeEntry[] {
  return text
    .split('\0')
    .filter((line) => line !== '')
    .flatMap((line) => {
      const tab = line.indexOf('\t');
      const [mode = '', type, oid = ''] = line.slice(0, tab).split(' ');
      const kind = type === 'blob' ? kindOfMode(mode) : null;
      return kind ? [{ kind, oid, path: line.slice(tab + 1) }] : [];
    });
}
