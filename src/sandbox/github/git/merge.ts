import { git, gitMaybe } from './program.ts';
import { isAncestor } from './read-commit.ts';

export interface MergeDraft {
  readonly into: string;
  readonly from: string;
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string };
  readonly at: number;
}

/** Writes a merge commit and answers with its SHA; undefined when the trees conflict. Moves no ref. */
export async function writeMerge(
  directory: string,
  draft: MergeDraft,
): Promise<string | undefined> {
  const tree = await mergedTree(directory, draft.into, draft.from);
  if (tree === undefined) return undefined;
  const when = `${Math.floor(draft.at / 1000)} +0000`;
  const env = {
    GIT_AUTHOR_NAME: draft.author.name,
    GIT_AUTHOR_EMAIL: draft.author.email,
    GIT_AUTHOR_DATE: when,
    GIT_COMMITTER_NAME: draft.author.name,
    GIT_COMMITTER_EMAIL: draft.author.email,
    GIT_COMMITTER_DATE: when,
  };
  const parents = ['-p', draft.into, '-p', draft.from];
  return git(directory, ['commit-tree', tree, ...parents, '-m', draft.message], { env });
}

async function mergedTree(
  directory: string,
  into: string,
  from: string,
): Promise<string | undefined> {
  if (await isAncestor(directory, into, from)) {
    return git(directory, ['rev-parse', `${from}^{tree}`]);
  }
  const output = await gitMaybe(directory, ['merge-tree', '--write-tree', into, from]);
  return output?.split('\n')[0];
}
