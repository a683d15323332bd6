import { open, rename } from 'node:fs/promises';

const maxBytes = 64 * 1024;

/** A new start gets a new log; the one of the start before is kept beside it. */
export async function rotateLog(path: string): Promise<void> {
  await rename(path, `${path}.1`).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

/** The last lines that a program printed, as they are; none where there is no log. */
export async function lastLines(path: string, count: number): Promise<readonly string[]> {
  const text = (await readEnd(path).catch(() => '')).trimEnd();
  return text === '' ? [] : text.split('\n').slice(-count);
}

async function readEnd(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const length = Math.min(size, maxBytes);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    const text = buffer.toString('utf8');
    // The line that the cut went through may begin with half a secret, which nobody would recognise.
    return size > length ? text.slice(text.indexOf('\n') + 1) : text;
  } finally {
    await file.close();
  }
}
