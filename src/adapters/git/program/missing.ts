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

/** Which of these files' contents a partial fetch left out. */
export async function missingAmong(
  cwd: string,
  oids: readonly string[],
): Promise<readonly string[]> {
  const wanted = [...new Set(oids)];
  if (wanted.length === 0) return [];
  // The one way to ask that lets no git, however old, try to bring them itself.
  const args = ['rev-list', '--objects', '--no-walk', '--missing=print', '--ignore-missing'];
  const input = wanted.map((oid) => `${oid}\n`).join('');
  const listed = await mustRunGit([...args, '--stdin'], { cwd, input });
  const there = new Set(listed.split('\n').map((line) => line.split(' ')[0]));
  return wanted.filter((oid) => !there.has(oid));
}

export async function hasObject(cwd: string, oid: string): Promise<boolean> {
  return (await runGit(['cat-file', '-e', oid], { cwd })).code === 0;
}
