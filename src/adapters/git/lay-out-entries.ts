import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { findEscapingLink } from '../../model/escaping-link.ts';
import { tooLarge, unsafePath } from './git-errors.ts';
import { gitLimits } from './git-limits.ts';
import { findUnsafePath, type TreeEntry } from './tree-entry.ts';

/** A blob on its way: its size is known before its content is read, and its content is read before the next blob. */
export interface Blob {
  readonly size: number;
  readonly content: AsyncIterable<Uint8Array>;
}

/** Gives the blobs in the order in which they were asked for. */
export type ReadBlobs = (oids: readonly string[]) => AsyncIterable<Blob>;

/**
 * Writes a tree under `destination`, which must not exist yet: nothing at all when an
 * entry is unsafe, and never a part of it under its final name. Links come last, so no
 * file is ever written through one.
 */
export async function layOutEntries(
  entries: readonly TreeEntry[],
  readBlobs: ReadBlobs,
  destination: string,
  signal?: AbortSignal,
): Promise<void> {
  if (entries.length > gitLimits.treeEntries) {
    throw tooLarge('the tree', `${gitLimits.treeEntries} files`);
  }
  refuse(findUnsafePath(entries));
  const links = await readLinks(entries, readBlobs);
  refuse(findEscapingLink(links));

  const partial = `${destination}.partial`;
  await rm(partial, { recursive: true, force: true });
  try {
    await mkdir(partial, { recursive: true });
    await writeFiles(entries, readBlobs, partial, signal);
    await writeLinks(links, partial);
    // Fails where something other than an empty folder has the name already.
    await rename(partial, destination);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

function refuse(found: { readonly path: string; readonly why: string } | null): void {
  if (found) throw unsafePath(found.path, found.why);
}

async function readLinks(
  entries: readonly TreeEntry[],
  readBlobs: ReadBlobs,
): Promise<ReadonlyMap<string, string>> {
  const links = entries.filter(({ kind }) => kind === 'link');
  const targets = new Map<string, string>();
  await eachBlob(links, readBlobs, async ({ path }, blob) => {
    if (blob.size > gitLimits.linkBytes) throw unsafePath(path, 'is no symbolic link that works');
    const target = await text(blob.content);
    targets.set(path, target);
  });
  return targets;
}

async function writeFiles(
  entries: readonly TreeEntry[],
  readBlobs: ReadBlobs,
  root: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const files = entries.filter(({ kind }) => kind !== 'link');
  for (const folder of new Set(files.map(({ path }) => dirname(path)))) {
    await mkdir(join(root, folder), { recursive: true });
  }
  let total = 0;
  await eachBlob(files, readBlobs, async ({ path, kind }, blob) => {
    signal?.throwIfAborted();
    total += blob.size;
    if (blob.size > gitLimits.fileBytes) throw tooLarge(path, `${gitLimits.fileBytes} bytes`);
    if (total > gitLimits.treeBytes) throw tooLarge('the tree', `${gitLimits.treeBytes} bytes`);
    const mode = kind === 'executable' ? 0o755 : 0o644;
    await writeFile(join(root, path), blob.content, { flag: 'wx', mode });
  });
}

async function writeLinks(links: ReadonlyMap<string, string>, root: string): Promise<void> {
  for (const [path, target] of links) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await symlink(target, join(root, path));
  }
}

async function eachBlob(
  entries: readonly TreeEntry[],
  readBlobs: ReadBlobs,
  use: (entry: TreeEntry, blob: Blob) => Promise<void>,
): Promise<void> {
  if (entries.length === 0) return;
  let at = 0;
  for await (const blob of readBlobs(entries.map(({ oid }) => oid)))
    await use(entries[at++]!, blob);
}
