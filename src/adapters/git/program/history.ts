import type { Sha } from '../../../model/job.ts';
import type { GitAuthor } from '../../../ports/git.ts';
import { distinctAuthors } from '../distinct-authors.ts';
import { commitMissing } from '../git-errors.ts';
import { hasCommit } from './read.ts';
import { runGit } from './run-git.ts';

/** Paths that differ between the trees of two commits; a file that moved is two of them. */
export async function changedPaths(cwd: string, from: Sha, to: Sha): Promise<readonly string[]> {
  const args = ['diff-tree', '-r', '-z', '--name-only', '--no-renames', from, to];
  const paths = await ofCommits(cwd, args, [from, to]);
  return paths
    .split('\0')
    .filter((path) => path !== '')
    .toSorted();
}

export async function authorsBetween(
  cwd: string,
  from: Sha | null,
  to: Sha,
): Promise<readonly GitAuthor[]> {
  const format = ['-z', '--no-mailmap', '--encoding=UTF-8', '--format=%an%x00%ae'];
  const commits = from === null ? [to] : [to, `^${from}`];
  const list = await ofCommits(cwd, ['log', ...format, ...commits], from ? [to, from] : [to]);
  const words = list.split('\0');
  const authors: GitAuthor[] = [];
  for (let at = 0; at + 1 < words.length; at += 2) {
    authors.push({ name: words[at]!, email: words[at + 1]! });
  }
  return distinctAuthors(authors);
}

async function ofCommits(
  cwd: string,
  args: readonly string[],
  commits: readonly Sha[],
): Promise<string> {
  const { code, stdout, complaint } = await runGit(args, { cwd });
  if (code === 0) return stdout;
  for (const sha of commits) if (!(await hasCommit(cwd, sha))) throw commitMissing(sha);
  throw new Error(`git ${args[0]} in ${cwd} failed: ${complaint}`);
}
