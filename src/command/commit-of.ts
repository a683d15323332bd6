interface NamedCommit {
  readonly ref: string | null;
  readonly sha: string | null;
}

interface NotACommit {
  readonly code: 'invalid_ref' | 'invalid_sha';
  readonly message: string;
}

/** `@abc1234` and a full SHA name a commit, any other word a branch or a tag. */
export function commitOf(word: string | undefined): NamedCommit | NotACommit {
  if (word === undefined) return { ref: null, sha: null };
  const sha = word.replace(/^@/, '').toLowerCase();
  if (/^[0-9a-f]{40}$/.test(sha)) return { ref: null, sha };
  if (!word.startsWith('@')) {
    return isRefName(word)
      ? { ref: word, sha: null }
      : { code: 'invalid_ref', message: 'That is not the name of a branch or a tag.' };
  }
  return /^[0-9a-f]{7,40}$/.test(sha)
    ? { ref: null, sha }
    : { code: 'invalid_sha', message: 'After `@` come 7 to 40 hexadecimal digits of a commit.' };
}

/** git-check-ref-format, and no leading dash: no program ever takes it for an option. */
function isRefName(word: string): boolean {
  return (
    word.length <= 255 &&
    !/[\p{Cc} ~^:?*[\\]|\.\.|@\{|\/\/|\/\.|^[-./]|[./]$|\.lock(\/|$)/u.test(word)
  );
}
