import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * What a folder takes of the disk, in bytes. Files in `counted` are not counted again, and those
 * that were are added: what hard links share is there once. What cannot be read counts nothing.
 */
export async function folderBytes(path: string, counted: Set<string>): Promise<number> {
  const facts = await lstat(path, { bigint: true }).catch(() => null);
  if (facts === null) return 0;
  const id = `${facts.dev}:${facts.ino}`;
  if (counted.has(id)) return 0;
  counted.add(id);
  let bytes = Number(facts.blocks) * 512;
  if (!facts.isDirectory()) return bytes;
  // One after the other: a release may hold a hundred thousand files.
  for (const name of await readdir(path).catch(() => [])) {
    bytes += await folderBytes(join(path, name), counted);
  }
  return bytes;
}
