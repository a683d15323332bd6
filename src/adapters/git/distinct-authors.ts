import type { GitAuthor } from '../../ports/git.ts';

const most = 100;

/** Each author once, in their order. The commits are all looked at: nobody hides behind many of another's. */
export function distinctAuthors(authors: Iterable<GitAuthor>): readonly GitAuthor[] {
  const seen = new Map<string, GitAuthor>();
  for (const author of authors) {
    const key = `${author.name}\0${author.email}`;
    if (!seen.has(key)) seen.set(key, author);
    if (seen.size === most) break;
  }
  return [...seen.values()];
}
