import type { FileContent } from '../git/write-commit.ts';
import { writeCommit } from '../git/write-commit.ts';
import { git } from '../git/program.ts';
import type { Repository, User } from '../state/types.ts';
import type { World } from '../world.ts';
import { moveRefs } from './refs.ts';

export interface CommitOrder {
  readonly actor: User;
  readonly branch: string;
  /** Where a branch that is not there yet starts; the default branch otherwise. */
  readonly from?: string | undefined;
  readonly files: Readonly<Record<string, FileContent>>;
  readonly message: string;
  readonly author?: { readonly name: string; readonly email: string } | undefined;
}

/** Commits files to a branch as if somebody had pushed them; answers with the SHA. */
export async function commitFiles(
  world: World,
  repository: Repository,
  order: CommitOrder,
): Promise<string> {
  const { actor, branch, files, message } = order;
  const start = order.from ?? repository.refs.get(`refs/heads/${repository.defaultBranch}`);
  return moveRefs(world, repository, actor, () =>
    writeCommit(repository.directory, {
      branch,
      parent: repository.refs.get(`refs/heads/${branch}`) ?? start,
      files,
      message,
      author: order.author ?? { name: actor.name ?? actor.login, email: actor.email },
      at: world.now(),
    }),
  );
}

/** Points a ref at a commit, makes it, or (with null) removes it. */
export async function setRef(
  world: World,
  repository: Repository,
  actor: User,
  ref: string,
  sha: string | null,
): Promise<void> {
  const args = sha === null ? ['update-ref', '-d', ref] : ['update-ref', ref, sha];
  await moveRefs(world, repository, actor, () => git(repository.directory, args));
}
