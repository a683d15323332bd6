import { execa } from 'execa';
import type { Git } from '../../ports/git.ts';
import type { Credentials, SshCredentials } from './credentials.ts';
import { needsProgram } from './git-errors.ts';
import { parseRemote } from './remote-url.ts';

export interface GitSource {
  /** The bare cache on this host; made where it is missing. */
  readonly dir: string;
  readonly url: string;
  /** A token for each call to the server; none is needed where it is absent or gives `null`. */
  readonly credentials?: Credentials;
  readonly ssh?: SshCredentials;
}

/** Opens a repository's cache with the git program, or without it where none is installed. */
export async function openGit({ dir, url, credentials, ssh }: GitSource): Promise<Git> {
  const remote = parseRemote(url);
  const grant = credentials ?? (async () => null);
  if (await hasGit()) {
    const { openProgramGit } = await import('./program/program-git.ts');
    return await openProgramGit(dir, remote, grant, ssh);
  }
  const { openIsomorphicGit } = await import('./isomorphic/isomorphic-git.ts');
  return await openIsomorphicGit(dir, remote, grant);
}

/** A folder on this machine, as a repository whose `main` is what it holds. */
export async function openDirectory(source: {
  /** The bare cache on this host; made where it is missing. */
  readonly dir: string;
  readonly directory: string;
  /** Paths that are no part of it: the agent's own state. */
  readonly leaveOut: readonly string[];
}): Promise<Git> {
  const { dir, directory: path, leaveOut } = source;
  if (!(await hasGit())) throw needsProgram(path);
  const { openDirectoryGit } = await import('./directory/directory-git.ts');
  return await openDirectoryGit(dir, { path, leaveOut });
}

async function hasGit(): Promise<boolean> {
  const { exitCode } = await execa('git', ['--version'], { reject: false, stdio: 'ignore' });
  return exitCode === 0;
}
