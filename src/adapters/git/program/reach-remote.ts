import type { Credentials, SshCredentials } from '../credentials.ts';
import { parseRemote } from '../remote-url.ts';
import { remoteError } from './remote-error.ts';
import { runGit } from './run-git.ts';

const patienceMs = 12_000;

/** Asks a repository's server for its branches, as a fetch would, without a cache. Rejects as a fetch does. */
export async function reachRemote(
  url: string,
  credentials: Credentials,
  ssh: SshCredentials = {},
): Promise<void> {
  const remote = parseRemote(url);
  const access = { remote, token: await credentials(), ssh };
  const options = { cwd: '/', access, timeoutMs: patienceMs };
  const { code, complaint } = await runGit(['ls-remote', '--quiet', '--heads', 'origin'], options);
  if (code !== 0) throw remoteError(complaint, access);
}
