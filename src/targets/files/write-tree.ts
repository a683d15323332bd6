import type { Stats } from 'node:fs';
import { chmod, lstat, mkdir, open, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { syncFolder } from '../../disk/sync-folder.ts';
import { readContents, type Desired, type DesiredFile } from './desired.ts';
import { own } from './file-facts.ts';
import { foldersAbove } from './tree.ts';
import { keptFolderOf } from './kept-folders.ts';
import type { World } from './world.ts';

/** So many files are on their way to the disk at once: each waits for it. */
const atOnce = 16;

/**
 * Makes the deployment's directory out of Git's objects; everything is on the disk when it resolves.
 * The directory is there as a whole or not at all; what is not finished is removed.
 * `like`: the directory whose owners and modes are taken over, path by path.
 */
export async function writeTree(
  world: World,
  desired: Desired,
  like: string | null,
  signal: AbortSignal,
): Promise<void> {
  const part = partOf(world);
  await rm(part, { recursive: true, force: true });
  try {
    await mkdir(world.store, { recursive: true });
    const folders = foldersOf(world, desired);
    for (const folder of folders) await makeFolder(join(part, folder), likeness(like, folder));
    await writeFiles(world, part, [...desired.values()], like, signal);
    await linkKeptFolders(world, part);
    for (const folder of folders.toReversed()) await syncFolder(join(part, folder));
    signal.throwIfAborted();
    await rename(part, world.directory);
    await syncFolder(world.store);
  } catch (thrown) {
    await rm(part, { recursive: true, force: true }).catch(() => undefined);
    throw thrown;
  }
}

/** Where the directory is until it is whole. */
export function partOf({ directory }: World): string {
  return `${directory}.part`;
}

/** '' and every folder that something is in, those above first. */
function foldersOf({ kept }: World, desired: Desired): readonly string[] {
  const paths = [...desired.keys(), ...kept.folders];
  return ['', ...new Set(paths.flatMap(foldersAbove))].toSorted();
}

function likeness(like: string | null, path: string): string | null {
  return like === null ? null : join(like, path);
}

async function makeFolder(path: string, like: string | null): Promise<void> {
  const facts = like === null ? null : await lstat(like).catch(() => null);
  await mkdir(path, { mode: 0o755 });
  const model = facts?.isDirectory() === true ? facts : null;
  if (model !== null) await own(path, await lstat(path), model);
  await chmod(path, model === null ? 0o755 : model.mode & 0o3777);
}

async function writeFiles(
  world: World,
  part: string,
  files: readonly DesiredFile[],
  like: string | null,
  signal: AbortSignal,
): Promise<void> {
  const under = new Set<Promise<void>>();
  const failed: unknown[] = [];
  for await (const { file, content } of readContents(world, files, signal)) {
    const writing: Promise<void> = writeOne(
      join(part, file.path),
      file,
      content,
      likeness(like, file.path),
    )
      .catch((thrown: unknown) => void failed.push(thrown))
      .finally(() => under.delete(writing));
    under.add(writing);
    if (under.size >= atOnce) await Promise.race(under);
    if (failed.length > 0) break;
  }
  // Nothing may be written any more when what is not finished is removed.
  await Promise.all(under);
  if (failed.length > 0) throw failed[0];
}

async function writeOne(
  path: string,
  { kind }: DesiredFile,
  content: Buffer,
  like: string | null,
): Promise<void> {
  const facts = like === null ? null : await lstat(like).catch(() => null);
  if (kind === 'link') {
    await symlink(content, path);
    return;
  }
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    const model = facts?.isFile() === true ? facts : null;
    if (model !== null) await own(path, await file.stat(), model);
    await file.chmod(modeOf(kind, model));
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Git says whether it is a program; who may read and write it, the file that was there. Never set-user-id. */
function modeOf(kind: DesiredFile['kind'], model: Stats | null): number {
  const rights = (model?.mode ?? 0o644) & 0o666;
  return kind === 'executable' ? rights | ((rights & 0o444) >> 2) : rights;
}

/** Links to what is kept beside the directories; the folders themselves are there by the switch. */
async function linkKeptFolders(world: World, part: string): Promise<void> {
  for (const folder of world.kept.folders) {
    const link = join(part, folder);
    // By the name that it is going to have, as far from the store as now.
    await symlink(relative(dirname(link), keptFolderOf(world, folder)), link);
  }
}
