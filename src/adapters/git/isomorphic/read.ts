import fs from 'node:fs';
import git from 'isomorphic-git';
import type { Sha } from '../../../model/job.ts';
import { commitMissing, pathMissing, tooLarge, unsafePath } from '../git-errors.ts';
import { gitLimits } from '../git-limits.ts';
import { kindOfMode, type TreeEntry } from '../tree-entry.ts';

/** One reading of the cache: packs are looked up and held in memory once, for as long as this is. */
export interface Reading {
  readonly gitdir: string;
  readonly cache: object;
}

export async function hasCommit(reading: Reading, sha: Sha): Promise<boolean> {
  return (await git.readCommit({ fs, ...reading, oid: sha }).catch(() => null)) !== null;
}

export async function isAncestor(
  reading: Reading,
  ancestor: Sha,
  descendant: Sha,
): Promise<boolean> {
  for (const sha of [descendant, ancestor]) {
    if (!(await hasCommit(reading, sha))) throw commitMissing(sha);
  }
  if (ancestor === descendant) return true;
  return await git.isDescendent({ fs, ...reading, oid: descendant, ancestor, depth: -1 });
}

export async function describe(
  reading: Reading,
  sha: Sha,
): Promise<{ subject: string; author: { name: string; email: string }; at: number }> {
  if (!(await hasCommit(reading, sha))) throw commitMissing(sha);
  const { commit } = await git.readCommit({ fs, ...reading, oid: sha });
  const { name, email } = commit.author;
  const subject = commit.message.trimStart().split('\n\n')[0]!.trimEnd().replaceAll('\n', ' ');
  return { subject, author: { name, email }, at: commit.committer.timestamp * 1000 };
}

/** Every file and link below a folder of a commit; '' is the root. */
export async function listTree(
  reading: Reading,
  sha: Sha,
  folder: string,
): Promise<readonly TreeEntry[]> {
  const oid = await folderOid(reading, sha, folder);
  if (oid === null) throw pathMissing(sha, folder);
  const entries: TreeEntry[] = [];
  let seen = 0;
  for await (const entry of below(reading, oid, '')) {
    // Folders count too: a few trees that name each other many times are more than any disk holds.
    if (++seen > gitLimits.treeEntries) {
      throw tooLarge('the tree', `${gitLimits.treeEntries} files and folders`);
    }
    if (entry !== null) entries.push(entry);
  }
  return entries;
}

/** The file at a path of a commit; `null` where there is none, or something else. */
export async function findFile(
  reading: Reading,
  sha: Sha,
  path: string,
): Promise<TreeEntry | null> {
  const slash = path.lastIndexOf('/');
  const folder = await folderOid(reading, sha, path.slice(0, Math.max(slash, 0)));
  if (folder === null) return null;
  const found = (await children(reading, folder)).find(
    ({ path: name }) => name === path.slice(slash + 1),
  );
  const kind = found?.type === 'blob' ? kindOfMode(found.mode) : null;
  return !found || kind === null || kind === 'link' ? null : { kind, path, oid: found.oid };
}

/** Goes down the tree by hand: the library would take a link for what it points at, or throw in many ways. */
async function folderOid(reading: Reading, sha: Sha, folder: string): Promise<string | null> {
  if (!(await hasCommit(reading, sha))) throw commitMissing(sha);
  let { tree } = (await git.readCommit({ fs, ...reading, oid: sha })).commit;
  for (const part of folder.split('/').filter((name) => name !== '')) {
    const next = (await children(reading, tree)).find(
      ({ path, type }) => path === part && type === 'tree',
    );
    if (!next) return null;
    tree = next.oid;
  }
  return tree;
}

/** Everything below a tree; `null` stands for a folder or a submodule. */
async function* below(
  reading: Reading,
  oid: string,
  above: string,
): AsyncGenerator<TreeEntry | null> {
  for (const child of await children(reading, oid)) {
    const path = above + child.path;
    const kind = child.type === 'blob' ? kindOfMode(child.mode) : null;
    yield kind && { kind, path, oid: child.oid };
    if (child.type === 'tree') yield* below(reading, child.oid, `${path}/`);
  }
}

async function children(reading: Reading, oid: string) {
  try {
    return (await git.readTree({ fs, ...reading, oid })).tree;
  } catch (error) {
    const { code, data } = error as { code?: string; data?: { filepath?: string } };
    if (code !== 'UnsafeFilepathError') throw error;
    throw unsafePath(data?.filepath ?? oid, 'is no path inside the tree');
  }
}
