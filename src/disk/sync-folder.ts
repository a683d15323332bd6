import { open } from 'node:fs/promises';

/** Puts the names in a folder on the disk: without it a new file or a rename may be undone by a power failure. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
