import { rename, rm, symlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from './sync-folder.ts';

/** A symbolic link leads to the old place or to the new one, never to none; to the new one for good when it resolves. */
export async function replaceLink(path: string, target: string): Promise<void> {
  await rm(`${path}.new`, { force: true });
  await symlink(target, `${path}.new`);
  await rename(`${path}.new`, path);
  await syncFolder(dirname(path));
}
