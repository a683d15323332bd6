import type { Sha } from '../../../model/job.ts';
import type { GitRef } from '../../../ports/git.ts';
import { commitMissing } from '../git-errors.ts';
import { mustRunGit, runGit } from './run-git.ts';

/** Heads and tags that name a commit, annotated tags peeled however deep. */
export async function readRefs(cwd: string): Promise<readonly GitRef[]> {
  const list = ['for-each-ref', '--format=%(refname)', 'refs/heads', 'refs/tags'];
  const names = lines(await mustRunGit(list, { cwd }));
  const input = names.map((name) => `${name}^{commit}\n`).join('');
  const check = ['cat-file', '--batch-check=%(objectname) %(objecttype)'];
  const answers = lines(await mustRunGit(check, { cwd, input }));
  return names.flatMap((name, at) => {
    const [sha = '', type] = answers[at]!.split(' ');
    return type === 'commit' ? [{ name, sha }] : [];
  });
}

export async function hasCommit(cwd: string, sha: Sha): Promise<boolean> {
  return (await runGit(['cat-file', '-e', `${sha}^{commit}`], { cwd })).code === 0;
}

export async function isAncestor(cwd: string, ancestor: Sha, descendant: Sha): Promise<boolean> {
  const { code } = await runGit(['merge-base', '--is-ancestor', ancestor, descendant], { cwd });
  if (code === 0 || code === 1) return code === 0;
  throw commitMissing((await hasCommit(cwd, descendant)) ? ancestor : descendant);
}

export async function describe(
  cwd: string,
  sha: Sha,
): Promise<{ subject: string; author: { name: string; email: string }; at: number }> {
  const format = '--format=%s%x00%an%x00%ae%x00%ct';
  const args = ['log', '-1', '--no-mailmap', '--encoding=UTF-8', format, '--end-of-options', sha];
  const { code, stdout } = await runGit(args, { cwd });
  if (code !== 0) throw commitMissing(sha);
  const [subject = '', name = '', email = '', seconds = ''] = stdout.trimEnd().split('\0');
  return { subject, author: { name, email }, at: Number(seconds) * 1000 };
}

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}
