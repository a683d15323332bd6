import type { Stats } from 'node:fs';
import { chown, lstat } from 'node:fs/promises';

/** What is at a path, a link itself; `null` where nothing is. */
export async function factsOf(path: string): Promise<Stats | null> {
  return lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
}

/** Gives a path the owner of another; tells whether it had another one. */
export async function own(
  path: string,
  made: Stats,
  { uid, gid }: Pick<Stats, 'uid' | 'gid'>,
): Promise<boolean> {
  const isOther = made.uid !== uid || made.gid !== gid;
  if (isOther) await chown(path, uid, gid);
  return isOther;
}
