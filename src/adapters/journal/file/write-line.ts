import { SallyportError } from '../../../model/errors.ts';
import type { OpenFile } from './files.ts';

/**
 * Writes a whole line at `offset` and resolves when it is on the disk. What was written of a
 * line that failed is cut off again; where that fails too, `cutRests` must come before the next one.
 * Errors: `disk_full` (retry) or `journal_unwritable`.
 */
export async function writeLine(
  file: OpenFile,
  offset: number,
  bytes: Uint8Array,
  path: string,
): Promise<void> {
  try {
    await writeAll(file, offset, bytes);
    await file.sync();
  } catch (error) {
    await file.truncate(offset).catch(() => undefined);
    throw asWriteError(error, path);
  }
}

/** Cuts off what an earlier write left behind `offset`. Errors: as `writeLine`. */
export async function cutRests(file: OpenFile, offset: number, path: string): Promise<void> {
  try {
    await file.truncate(offset);
  } catch (error) {
    throw asWriteError(error, path);
  }
}

async function writeAll(file: OpenFile, offset: number, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const count = await file.write(bytes.subarray(written), offset + written);
    if (count === 0) throw Object.assign(new Error('nothing was written'), { code: 'ENOSPC' });
    written += count;
  }
}

const noRoom: readonly unknown[] = ['ENOSPC', 'EDQUOT', 'EFBIG'];

function asWriteError(error: unknown, path: string): SallyportError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (noRoom.includes(code)) {
    return new SallyportError({
      code: 'disk_full',
      message: `There is no room on the disk to add to ${path} (${code}).`,
      hint: `Free some room: df -h ${path}`,
      next: 'retry',
      cause: error,
    });
  }
  return new SallyportError({
    code: 'journal_unwritable',
    message: `${path} could not be written: ${message}`,
    hint: `Look at its permissions and its disk: ls -l ${path}`,
    next: 'stalled',
    cause: error,
  });
}
