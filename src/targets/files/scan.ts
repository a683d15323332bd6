import { createHash } from 'node:crypto';
import { createReadStream, lstatSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import type { Kept } from './kept.ts';
import type { OidIndex } from './oid-index.ts';
import { Slices } from './slices.ts';
import type { Tree, TreeFile } from './tree.ts';
import { walk } from './walk.ts';

/** A file of more bytes is read piece by piece. */
const streamFrom = 1024 * 1024;

/** Every file below a directory that `keep` does not name. Without an index, every content is read. */
export async function scan(
  root: string,
  kept: Kept,
  index: OidIndex | null,
  signal?: AbortSignal,
): Promise<Tree> {
  const files = new Map<string, TreeFile>();
  const slices = new Slices();
  for (const path of walk(root, new Set(kept.folders))) {
    if (kept.isKept(path)) continue;
    const file = lookAt(root, path, index) ?? (await readLarge(root, path, index));
    if (file !== null) files.set(path, file);
    if (slices.isOver) await slices.pause(signal);
  }
  return files;
}

/** Git's id of a content. */
function blobOid(content: Uint8Array): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}

/** `null` where it is large, or gone. */
function lookAt(root: string, path: string, index: OidIndex | null): TreeFile | null {
  const place = `${root}/${path}`;
  const facts = lstatSync(place, { throwIfNoEntry: false });
  if (facts === undefined) return null;
  const kind = kindOf(facts);
  if (kind === 'other') return { kind, oid: `${facts.mode}` };
  const known = index?.find(path, facts) ?? null;
  if (known === null && kind !== 'link' && facts.size > streamFrom) return null;
  try {
    const oid =
      known ??
      blobOid(kind === 'link' ? readlinkSync(place, { encoding: 'buffer' }) : readFileSync(place));
    index?.note(path, facts, oid, known === null);
    return { kind, oid };
  } catch (error) {
    return goneOr(error);
  }
}

async function readLarge(
  root: string,
  path: string,
  index: OidIndex | null,
): Promise<TreeFile | null> {
  const place = `${root}/${path}`;
  const facts = lstatSync(place, { throwIfNoEntry: false });
  if (facts === undefined || !facts.isFile()) return null;
  const hash = createHash('sha1').update(`blob ${facts.size}\0`);
  try {
    for await (const part of createReadStream(place)) hash.update(part as Buffer);
  } catch (error) {
    return goneOr(error);
  }
  const oid = hash.digest('hex');
  index?.note(path, facts, oid, true);
  return { kind: kindOf(facts), oid };
}

function goneOr(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
  throw error;
}

function kindOf(facts: Stats): TreeFile['kind'] {
  if (facts.isFile()) return (facts.mode & 0o100) === 0 ? 'file' : 'executable';
  return facts.isSymbolicLink() ? 'link' : 'other';
}
