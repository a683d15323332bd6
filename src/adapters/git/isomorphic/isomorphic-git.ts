import fs from 'node:fs';
import { mkdir } from 'node:fs/promises';
import git from 'isomorphic-git';
import type { Git } from '../../../ports/git.ts';
import { whileLocked } from '../cache-lock.ts';
import type { Credentials } from '../credentials.ts';
import { needsProgram, tooLarge } from '../git-errors.ts';
import { layOutEntries, type Blob } from '../lay-out-entries.ts';
import { Listings } from '../listings.ts';
import type { Remote } from '../remote-url.ts';
import { repositoryPath } from '../repository-path.ts';
import { fetchRefs } from './fetch.ts';
import { authorsBetween, changedPaths } from './history.ts';
import { readRefs } from './packed-refs.ts';
import { describe, findFile, hasCommit, isAncestor, listTree, type Reading } from './read.ts';
import { dropTornPacks } from './torn-packs.ts';

/** The Git port without a git program: slower, whole history, HTTP only. */
export async function openIsomorphicGit(
  gitdir: string,
  remote: Remote,
  credentials: Credentials,
): Promise<Git> {
  if (!remote.transport.startsWith('http')) throw needsProgram(remote.shown);
  await mkdir(gitdir, { recursive: true, mode: 0o700 });
  await whileLocked(gitdir, undefined, async (lastOneDied) => {
    if (lastOneDied) await dropTornPacks(gitdir);
    await git.init({ fs, gitdir, bare: true });
    const path = 'remote.origin.fetch';
    await git.setConfig({ fs, gitdir, path, value: '+refs/heads/*:refs/remotes/origin/*' });
  });
  // Packs are held in memory by a reading, so each call has its own.
  const reading = (): Reading => ({ gitdir, cache: {} });
  const listings = new Listings((sha, folder) => listTree(reading(), sha, folder));

  return {
    async fetch(signal) {
      const token = await credentials();
      return await whileLocked(gitdir, signal, async (lastOneDied) => {
        if (lastOneDied) await dropTornPacks(gitdir);
        return await fetchRefs(gitdir, remote, token, signal);
      });
    },

    refs: () => readRefs(gitdir),
    has: (sha) => hasCommit(reading(), sha),
    isAncestor: (ancestor, descendant) => isAncestor(reading(), ancestor, descendant),
    describe: (sha) => describe(reading(), sha),

    list: async (sha, path) => await listings.list(sha, repositoryPath(path)),
    changedPaths: (from, to) => changedPaths(reading(), from, to),
    authorsBetween: (from, to) => authorsBetween(reading(), from, to),

    async *read(oids, maxBytes, signal) {
      const now = reading();
      for (const oid of oids) {
        signal?.throwIfAborted();
        const { blob } = await git.readBlob({ fs, ...now, oid });
        if (blob.length > maxBytes) throw tooLarge(`object ${oid}`, `${maxBytes} bytes`);
        yield { oid, content: Buffer.from(blob) };
      }
    },

    async readFile(sha, path, maxBytes) {
      const now = reading();
      const file = await findFile(now, sha, repositoryPath(path));
      if (!file) return null;
      const { blob } = await git.readBlob({ fs, ...now, oid: file.oid });
      if (blob.length > maxBytes) throw tooLarge(path, `${maxBytes} bytes`);
      return Buffer.from(blob).toString('utf8');
    },

    async layOut(sha, path, destination, signal) {
      const now = reading();
      const entries = await listTree(now, sha, repositoryPath(path));
      await layOutEntries(entries, (oids) => readBlobs(now, oids), destination, signal);
    },
  };
}

async function* readBlobs(reading: Reading, oids: readonly string[]): AsyncIterable<Blob> {
  for (const oid of oids) {
    const { blob } = await git.readBlob({ fs, ...reading, oid });
    yield { size: blob.length, content: once(blob) };
  }
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
