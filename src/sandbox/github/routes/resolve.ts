import { peel } from '../git/read-commit.ts';
import type { Call } from '../http/call.ts';
import { ApiError } from '../http/errors.ts';
import { findRepository } from '../state/memory.ts';
import type { Repository } from '../state/types.ts';

/** The commit that a branch, tag, `heads/x`, `tags/x` or SHA names; a fork's commit is found through its parent. */
export async function resolveCommit(
  repository: Repository,
  name: string,
): Promise<string | undefined> {
  const candidates = [`refs/heads/${name}`, `refs/tags/${name}`, `refs/${name}`, name];
  const ref = candidates.find((candidate) => repository.refs.has(candidate));
  return peel(repository.directory, (ref && repository.refs.get(ref)) ?? name);
}

export async function requireCommit(call: Call, name: string): Promise<string> {
  const sha = await resolveCommit(call.repository, name);
  if (sha === undefined) throw new ApiError(422, `No commit found for SHA: ${name}`);
  return sha;
}

/** `branch`, or `owner:branch` of another repository in the same network. */
export function repositoryAndBranch(
  call: Call,
  text: string,
): { readonly repository: Repository; readonly branch: string } | undefined {
  const colon = text.indexOf(':');
  if (colon < 0) return { repository: call.repository, branch: text };
  const owner = text.slice(0, colon);
  const branch = text.slice(colon + 1);
  const { state } = call.world;
  const same = findRepository(state, owner, call.repository.name);
  const fork = state.repositories.find(
    ({ owner: { login }, parent }) =>
      login.toLowerCase() === owner.toLowerCase() && parent === call.repository,
  );
  const repository = same ?? fork;
  return repository && { repository, branch };
}
