import { openProgramGit } from '../../../../src/adapters/git/program/program-git.ts';
import { parseRemote } from '../../../../src/adapters/git/remote-url.ts';
import { gitContract } from '../../../contract/git.ts';

gitContract('program', (dir, url, credentials = async () => null) =>
  openProgramGit(dir, parseRemote(url), credentials),
);
