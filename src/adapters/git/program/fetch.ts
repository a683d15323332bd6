import { gitLimits } from '../git-limits.ts';
import type { GitAccess } from './environment.ts';
import { remoteError } from './remote-error.ts';
import { runGit } from './run-git.ts';

const everything = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
const quietly = ['--quiet', '--no-tags', '--no-write-fetch-head', '--recurse-submodules=no'];

/**
 * Brings all heads and tags, and drops the ones that are gone. Where the server can,
 * the contents of files stay there until they are asked for; others send everything.
 */
export async function fetchRefs(
  cache: string,
  access: GitAccess,
  signal?: AbortSignal,
): Promise<void> {
  const args = ['fetch', ...quietly, '--filter=blob:none', '--prune', 'origin', ...everything];
  await reach(args, cache, access, '', signal);
}

/** Brings objects that a partial fetch left out. */
export async function fetchObjects(
  oids: readonly string[],
  cache: string,
  access: GitAccess,
  signal?: AbortSignal,
): Promise<void> {
  if (oids.length === 0) return;
  const args = ['-c', 'fetch.negotiationAlgorithm=noop', 'fetch', ...quietly];
  args.push('--filter=blob:none', '--stdin', 'origin');
  await reach(args, cache, access, `${oids.join('\n')}\n`, signal);
}

async function reach(
  args: readonly string[],
  cwd: string,
  access: GitAccess,
  input: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const options = { cwd, access, input, signal, timeoutMs: gitLimits.fetchMs };
  const result = await runGit(args, options);
  if (result.code !== 0) throw remoteError(result.complaint, access);
}
