import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../../../disk/sync-folder.ts';

/** An open file, as far as journals use one. */
export interface OpenFile {
  /** Its length in bytes. */
  size(): Promise<number>;
  /** Everything from `offset` to the end. */
  read(offset: number): Promise<Buffer>;
  /** Writes at `offset` and gives how many bytes went; less than were given where room runs out. */
  write(bytes: Uint8Array, offset: number): Promise<number>;
  /** Resolves when everything written is on the disk. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

/** The file system below journals; tests pass one that fails. */
export interface Files {
  /** Opens for reading and writing. Makes the file (0600) and its folder where there is none, on the disk at once. */
  open(path: string): Promise<OpenFile>;
}

export const systemFiles: Files = { open: openFile };

async function openFile(path: string): Promise<OpenFile> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const handle = await openOrCreate(path);
  return {
    size: async () => (await handle.stat()).size,
    read: async (offset) => {
      const { size } = await handle.stat();
      const bytes = Buffer.alloc(Math.max(0, size - offset));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, offset);
      return bytes.subarray(0, bytesRead);
    },
    write: async (bytes, offset) =>
      (await handle.write(bytes, 0, bytes.length, offset)).bytesWritten,
    sync: () => handle.sync(),
    truncate: (length) => handle.truncate(length),
    close: () => handle.close(),
  };
}

async function openOrCreate(path: string) {
  try {
    return await open(path, 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const handle = await open(path, 'a+', 0o600);
  await handle.close();
  await syncFolder(dirname(path));
  return await open(path, 'r+');
}
