import type { Sha } from '../../model/job.ts';
import type { Git, GitAuthor } from '../../ports/git.ts';

/** As many as a job holds. */
const most = 100;

/**
 * Whoever's work comes with a commit, and whoever asked for it. Git knows no logins: an author counts
 * by the part of the address before the `@`, by the address and by name. What is most likely a login
 * comes first, since a job holds only so many.
 */
export async function authorsOf(
  git: Git,
  since: Sha | null,
  sha: Sha,
  asker: string,
): Promise<string[]> {
  const wrote = since === sha ? [] : await git.authorsBetween(since, sha);
  const names = [
    asker,
    ...wrote.map(loginOf),
    ...wrote.map(({ email }) => email),
    ...wrote.map(({ name }) => name),
  ];
  const said = names.map((name) => name.slice(0, 100)).filter((name) => name !== '');
  return [...new Set(said)].slice(0, most);
}

/** `ada` of `ada@example.org`, and of GitHub's `123+ada@users.noreply.github.com`. */
function loginOf({ email }: GitAuthor): string {
  return /^(?:\d+\+)?([^@]*)/.exec(email)?.[1] ?? '';
}
