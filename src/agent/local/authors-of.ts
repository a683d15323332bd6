import type { Sha } from '../../model/job.ts';
import type { Git } from '../../ports/git.ts';

const most = 100;

/** Whoever's work comes with a commit, by the names and addresses of Git, and whoever asked for it. */
export async function authorsOf(
  git: Git,
  since: Sha | null,
  sha: Sha,
  asker: string,
): Promise<string[]> {
  const wrote = since === sha ? [] : await git.authorsBetween(since, sha);
  const names = [asker, ...wrote.flatMap(({ name, email }) => [email, name])]
    .map((name) => name.slice(0, 100))
    .filter((name) => name !== '');
  return [...new Set(names)].slice(0, most);
}
