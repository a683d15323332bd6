import { exitCodes, SallyportError } from '../../../model/errors.ts';
import type { GitAccess } from './environment.ts';
import { runGit } from './run-git.ts';

/**
 * Refuses a repository that lacks its own history. A git older than 2.45 that fetches a part of one
 * starts itself again and again to find the rest. Only the older protocol says it of all that is
 * there, and only git's own trace passes it on.
 */
export async function refuseShallow(
  cwd: string,
  access: GitAccess,
  signal?: AbortSignal,
): Promise<void> {
  const args = ['-c', 'protocol.version=0', 'ls-remote', '--quiet', 'origin'];
  const { complaint } = await runGit(args, { cwd, access, signal, tracesPackets: true });
  if (/ shallow [0-9a-f]{40}/.test(complaint)) throw shallow(access.remote.shown);
}

function shallow(remote: string): SallyportError {
  return new SallyportError({
    code: 'git_shallow',
    message: `${remote} is a shallow clone: it lacks the commits before some of its own`,
    hint: 'Follow the repository that it was cloned from; or, in it: git fetch --unshallow',
    exit: exitCodes.refused,
  });
}
