import { mkdir } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Sha } from '../../../model/job.ts';
import type { Git } from '../../../ports/git.ts';
import { whileLocked } from '../cache-lock.ts';
import { tooLarge } from '../git-errors.ts';
import { layOutEntries } from '../lay-out-entries.ts';
import { Listings } from '../listings.ts';
import { SmallContents } from '../small-contents.ts';
import { repositoryPath } from '../repository-path.ts';
import { readBlobs } from './blobs.ts';
import { readContents } from './contents.ts';
import { authorsBetween, changedPaths } from './history.ts';
import { hasObject, missingAmong, missingBelow } from './missing.ts';
import { describe, hasCommit, isAncestor, readRefs } from './read.ts';
import { mustRunGit } from './run-git.ts';
import { findFile, listTree } from './tree.ts';

/** Brings objects into the cache that are not there yet. */
type Bring = (oids: readonly string[], signal?: AbortSignal) => Promise<void>;

export async function makeCache(cache: string): Promise<void> {
  await mkdir(cache, { recursive: true, mode: 0o700 });
  await whileLocked(cache, undefined, async () => {
    await mustRunGit(['init', '--quiet', '--bare', '--template=', '.'], { cwd: cache });
  });
}

/** All of the port that reads, in the bare cache at `cache`. */
export function readCache(cache: string, bring: Bring): Omit<Git, 'fetch'> {
  const listings = new Listings((sha, folder) => listTree(cache, sha, folder));
  const contents = new SmallContents();
  return {
    refs: () => readRefs(cache),
    has: (sha) => hasCommit(cache, sha),
    isAncestor: (ancestor, descendant) => isAncestor(cache, ancestor, descendant),
    describe: (sha) => describe(cache, sha),
    list: async (sha, path) => await listings.list(sha, repositoryPath(path)),
    changedPaths: (from, to) => changedPaths(cache, from, to),
    authorsBetween: (from, to) => authorsBetween(cache, from, to),

    async *read(oids, maxBytes, signal) {
      const known = contents.find(oids, maxBytes);
      if (known !== null) return yield* known;
      await bring(await missingAmong(cache, oids), signal);
      for await (const content of readContents(cache, oids, maxBytes, signal)) {
        contents.note(content);
        yield content;
      }
    },

    async readFile(sha: Sha, path, maxBytes) {
      const name = repositoryPath(path);
      const file = name === '' ? null : await findFile(cache, sha, name);
      if (!file) return null;
      if (!(await hasObject(cache, file.oid))) await bring([file.oid]);
      for await (const blob of readBlobs(cache, [file.oid])) {
        if (blob.size > maxBytes) throw tooLarge(path, `${maxBytes} bytes`);
        return await text(blob.content);
      }
      return null;
    },

    async layOut(sha, path, destination, signal) {
      const folder = repositoryPath(path);
      const entries = await listTree(cache, sha, folder);
      await bring(await missingBelow(cache, [`${sha}:${folder}`]), signal);
      const blobs = (wanted: readonly string[]) => readBlobs(cache, wanted, signal);
      await layOutEntries(entries, blobs, destination, signal);
    },
  };
}
