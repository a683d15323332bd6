import type { Git } from '../../ports/git.ts';
import type { Credentials } from './credentials.ts';
import { openProgramGit } from './program/program-git.ts';
import { parseRemote } from './remote-url.ts';

export interface GitSource {
  /** The bare cache on this host; made where it is missing. */
  readonly dir: string;
  readonly url: string;
  /** A token for each call to the server; none is needed where it is absent or gives `null`. */
  readonly credentials?: Credentials;
}

/** Opens a repository's cache. */
export async function openGit({ dir, url, credentials }: GitSource): Promise<Git> {
  return await openProgramGit(dir, parseRemote(url), credentials ?? (async () => null));
}
