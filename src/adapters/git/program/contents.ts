import { buffer } from 'node:stream/consumers';
import { tooLarge } from '../git-errors.ts';
import { readBlobs } from './blobs.ts';

/** The contents of objects that are all there, one after the other. */
export async function* readContents(
  cache: string,
  oids: readonly string[],
  maxBytes: number,
  signal?: AbortSignal,
): AsyncGenerator<{ readonly oid: string; readonly content: Buffer }> {
  if (oids.length === 0) return;
  let at = 0;
  for await (const { size, content } of readBlobs(cache, oids, signal)) {
    const oid = oids[at++]!;
    if (size > maxBytes) throw tooLarge(`object ${oid}`, `${maxBytes} bytes`);
    yield { oid, content: await buffer(content) };
  }
}
