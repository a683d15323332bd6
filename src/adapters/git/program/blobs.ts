import { gitLimits } from '../git-limits.ts';
import type { Blob } from '../lay-out-entries.ts';
import { ByteReader } from './byte-reader.ts';
import { startGit } from './start-git.ts';

/**
 * Reads blobs of the cache in order, as they are stored: attributes and filters have no
 * part in it. They must all be there.
 */
export async function* readBlobs(
  cwd: string,
  oids: readonly string[],
  signal?: AbortSignal,
): AsyncIterable<Blob> {
  const input = oids.map((oid) => `${oid}\n`).join('');
  const options = { cwd, input, signal, timeoutMs: gitLimits.fetchMs, buffer: false } as const;
  const git = startGit(['cat-file', '--batch', '--buffer'], options);
  const reader = new ByteReader(git.subprocess.stdout);
  try {
    for (const oid of oids) {
      const [, type, size] = (await reader.line()).split(' ');
      signal?.throwIfAborted();
      if (type !== 'blob') throw new Error(`object ${oid} is not in the cache ${cwd}`);
      yield { size: Number(size), content: reader.take(Number(size)) };
      await reader.line();
    }
  } finally {
    git.end();
    await reader.close();
    await git.subprocess;
  }
}
