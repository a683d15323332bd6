import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StepFailure } from './target.ts';

/** Where the programs of a release run: `path` in its tree, which must be there. */
export async function programFolder(tree: string, path: string): Promise<string> {
  const directory = join(tree, path);
  const facts = await stat(directory).catch(() => null);
  if (facts?.isDirectory() === true) return directory;
  throw new StepFailure('config_invalid', `there is no folder ${path} in the release`, [
    'correct `path` of the target',
  ]);
}
