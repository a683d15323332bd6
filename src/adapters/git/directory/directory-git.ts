import type { Git } from '../../../ports/git.ts';
import { whileLocked } from '../cache-lock.ts';
import { makeCache, readCache } from '../program/read-cache.ts';
import { readRefs } from '../program/read.ts';
import { prepareSnapshots, type Folder } from './prepare.ts';
import { takeSnapshot } from './snapshot.ts';

/**
 * The Git port over a folder that people edit: `fetch` takes a snapshot of it as a commit on `main`,
 * on top of the last one; a folder in which nothing changed gives the same commit. `.gitignore`
 * counts, `.git` is left out, and files are taken byte for byte. Needs the git program.
 */
export async function openDirectoryGit(cache: string, folder: Folder): Promise<Git> {
  await makeCache(cache);
  await prepareSnapshots(cache, folder);
  return {
    // All of it is here.
    ...readCache(cache, async () => {}),

    fetch: (signal) =>
      whileLocked(cache, signal, async () => {
        await takeSnapshot(cache, folder.path, signal);
        return await readRefs(cache);
      }),
  };
}
