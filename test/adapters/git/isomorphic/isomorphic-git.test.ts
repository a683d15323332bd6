import { openIsomorphicGit } from '../../../../src/adapters/git/isomorphic/isomorphic-git.ts';
import { parseRemote } from '../../../../src/adapters/git/remote-url.ts';
import { gitContract } from '../../../contract/git.ts';

gitContract('isomorphic', (dir, url, credentials = async () => null) =>
  openIsomorphicGit(dir, parseRemote(url), credentials),
);
