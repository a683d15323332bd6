import { createHash } from 'node:crypto';
import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes packs that were being written when their writer died: both files of a pack end with a checksum. */
export async function dropTornPacks(cache: string): Promise<void> {
  const folder = join(cache, 'objects', 'pack');
  const names = await readdir(folder).catch(() => []);
  for (const name of new Set(names.map((file) => file.replace(/\.[^.]+$/, '')))) {
    const files = [join(folder, `${name}.pack`), join(folder, `${name}.idx`)];
    const whole = await Promise.all(files.map(endsWithChecksum));
    if (!whole.includes(false)) continue;
    for (const file of files) await rm(file, { force: true });
    // Without refs, everything is asked for again.
    await rm(join(cache, 'packed-refs'), { force: true });
  }
}

async function endsWithChecksum(path: string): Promise<boolean> {
  const bytes = await readFile(path).catch(() => Buffer.alloc(0));
  if (bytes.length <= 20) return false;
  const sum = createHash('sha1').update(bytes.subarray(0, -20)).digest();
  return sum.equals(bytes.subarray(-20));
}
