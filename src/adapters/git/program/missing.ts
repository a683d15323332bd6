import { mustRunGit, runGit } from './run-git.ts';

/** Objects below these commits or folders, as they are now and not in their history, that a partial fetch left out. */
export async function missingBelow(
  cwd: string,
  treeish: readonly string[],
): Promise<readonly string[]> {
  if (treeish.length === 0) return [];
  const args = ['rev-list', '--objects', '--missing=print', '--no-walk', '--stdin'];
  const objects = await mustRunGit(args, { cwd, input: treeish.map((one) => `${one}\n`).join('') });
  return [...objects.matchAll(/^\?([0-9a-f]+)$/gm)].map(([, oid]) => oid!);
}

export async function hasObject(cwd: string, oid: string): Promise<boolean> {
  return (await runGit(['cat-file', '-e', oid], { cwd })).code === 0;
}
