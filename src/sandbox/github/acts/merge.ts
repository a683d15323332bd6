import { git } from '../git/program.ts';
import { writeMerge } from '../git/merge.ts';
import type { Repository, User } from '../state/types.ts';
import type { World } from '../world.ts';
import { moveRefs } from './refs.ts';

export interface MergeOrder {
  readonly actor: User;
  /** The branch that receives the merge. */
  readonly branch: string;
  /** The commit that is merged into it. */
  readonly from: string;
  readonly message: string;
}

/** Merges a commit into a branch and answers with the merge; undefined when they conflict. */
export async function mergeInto(
  world: World,
  repository: Repository,
  order: MergeOrder,
): Promise<string | undefined> {
  const { actor, branch, from, message } = order;
  return moveRefs(world, repository, actor, async () => {
    const ref = `refs/heads/${branch}`;
    const into = repository.refs.get(ref) ?? '';
    const author = { name: actor.name ?? actor.login, email: actor.email };
    const draft = { into, from, message, author, at: world.now() };
    const sha = await writeMerge(repository.directory, draft);
    if (sha !== undefined) await git(repository.directory, ['update-ref', ref, sha, into]);
    return sha;
  });
}
