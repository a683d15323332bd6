import { open } from 'node:fs/promises';
import type { Clock } from '../ports/clock.ts';

/** Between two looks at a file that may have grown, in ms. */
const lookMs = 300;

/**
 * A file's text as it grows, in pieces. Ends after a look that found nothing new while `isDone`,
 * at once where the file is not to be followed. Ends when aborted.
 */
export async function* followFile(
  path: string,
  isDone: () => boolean,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const file = await open(path);
  let offset = 0;
  try {
    while (!signal.aborted) {
      const done = isDone();
      const { bytesRead, buffer } = await file.read(Buffer.alloc(65_536), 0, 65_536, offset);
      offset += bytesRead;
      if (bytesRead > 0) yield buffer.subarray(0, bytesRead);
      else if (done) return;
      else await clock.sleep(lookMs, signal).catch(() => undefined);
    }
  } finally {
    await file.close();
  }
}
