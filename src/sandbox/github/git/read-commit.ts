import { git, gitMaybe } from './program.ts';

export interface Signature {
  readonly name: string;
  readonly email: string;
  /** Milliseconds since 1970, as the committer's clock claimed. */
  readonly at: number;
}

export interface CommitFacts {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

const format = ['%H', '%T', '%P', '%an', '%ae', '%at', '%cn', '%ce', '%ct', '%B'].join('%x00');
const fieldsOfCommit = 10;

/** The commits of a revision range, newest first; `limit` and `skip` count commits. */
export async function log(
  directory: string,
  revisions: readonly string[],
  limit = 250,
  skip = 0,
): Promise<CommitFacts[]> {
  const window = [`--max-count=${limit}`, `--skip=${skip}`];
  const output = await git(directory, ['log', '-z', `--format=${format}`, ...window, ...revisions]);
  const fields = output.split('\0');
  const commits: CommitFacts[] = [];
  for (let at = 0; at + fieldsOfCommit <= fields.length; at += fieldsOfCommit) {
    commits.push(commitOf(fields.slice(at, at + fieldsOfCommit)));
  }
  return commits;
}

export async function readCommit(directory: string, sha: string): Promise<CommitFacts> {
  const [commit] = await log(directory, [sha], 1);
  if (!commit) throw new Error(`commit ${sha} has vanished from ${directory}`);
  return commit;
}

function commitOf(fields: readonly string[]): CommitFacts {
  const field = (index: number): string => fields[index] ?? '';
  const signature = (index: number): Signature => ({
    name: field(index),
    email: field(index + 1),
    at: Number(field(index + 2)) * 1000,
  });
  return {
    sha: field(0),
    tree: field(1),
    parents: field(2) === '' ? [] : field(2).split(' '),
    author: signature(3),
    committer: signature(6),
    message: field(9).replace(/\n$/, ''),
  };
}

/** The commit that a SHA, short or full, or an annotated tag's SHA names; undefined where there is none. */
export async function peel(directory: string, sha: string): Promise<string | undefined> {
  if (!/^[0-9a-f]{4,40}$/.test(sha)) return undefined;
  return gitMaybe(directory, ['rev-parse', '--verify', '--quiet', `${sha}^{commit}`]);
}

export async function isAncestor(
  directory: string,
  ancestor: string,
  descendant: string,
): Promise<boolean> {
  const args = ['merge-base', '--is-ancestor', ancestor, descendant];
  return (await gitMaybe(directory, args)) !== undefined;
}

export async function mergeBase(
  directory: string,
  one: string,
  other: string,
): Promise<string | undefined> {
  return gitMaybe(directory, ['merge-base', one, other]);
}

/** How many commits `head` has that `base` has not, and the other way around. */
export async function aheadBehind(
  directory: string,
  base: string,
  head: string,
): Promise<{ ahead: number; behind: number }> {
  const output = await git(directory, ['rev-list', '--left-right', '--count', `${base}...${head}`]);
  const [behind = 0, ahead = 0] = output.split('\t').map(Number);
  return { ahead, behind };
}
