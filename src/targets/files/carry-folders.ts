import type { Stats } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { factsOf, own } from './file-facts.ts';

/**
 * Makes folders in one directory as they are in another, with their owners and modes: who may
 * look into a folder, and write in it, is nothing that a switch may change. Those above come first.
 * Can be repeated; what is there and is no folder is left alone.
 */
export async function carryFolders(
  folders: Iterable<string>,
  from: string,
  to: string,
): Promise<void> {
  for (const folder of [...folders].toSorted()) {
    const model = await folderAt(join(from, folder));
    if (model === null) continue;
    const path = join(to, folder);
    // Nobody looks into it before it has its owner and mode.
    await mkdir(path, { mode: 0o700 }).catch(ignoreExisting);
    const made = await folderAt(path);
    if (made !== null) await makeAlike(path, made, model);
  }
}

async function makeAlike(path: string, made: Stats, model: Stats): Promise<void> {
  const mode = model.mode & 0o3777;
  const isOther = await own(path, made, model);
  // A change of the owner may take bits away.
  if (isOther || (made.mode & 0o7777) !== mode) await chmod(path, mode);
}

/** `null` where there is none. */
async function folderAt(path: string): Promise<Stats | null> {
  const facts = await factsOf(path);
  return facts?.isDirectory() === true ? facts : null;
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST' && error.code !== 'ENOTDIR') throw error;
}
