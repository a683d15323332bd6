import {
  type Files,
  type OpenFile,
  systemFiles,
} from '../../../src/adapters/journal/file/files.ts';

export interface FileFaults {
  /** Bytes that still fit on the disk; then ENOSPC. */
  room: number;
  /** Most bytes that one write takes. */
  chunk: number;
  /** After so many more bytes the machine is gone: nothing works any more. */
  crashAfter: number;
  /** Truncating fails. */
  stuck: boolean;
  /** Syncing fails. */
  unsynced: boolean;
}

/** A file system whose faults can be changed while it is in use. */
export function faultyFiles(): { readonly files: Files; readonly faults: FileFaults } {
  const faults: FileFaults = {
    room: Infinity,
    chunk: Infinity,
    crashAfter: Infinity,
    stuck: false,
    unsynced: false,
  };
  return {
    faults,
    files: { open: async (path) => makeFaulty(await systemFiles.open(path), faults) },
  };
}

function makeFaulty(file: OpenFile, faults: FileFaults): OpenFile {
  return {
    ...file,
    write: async (bytes, offset) => {
      failIfCrashed(faults);
      if (faults.room === 0) throw failure('ENOSPC');
      const count = Math.min(bytes.length, faults.chunk, faults.room, faults.crashAfter);
      faults.room -= count;
      faults.crashAfter -= count;
      await file.write(bytes.subarray(0, count), offset);
      failIfCrashed(faults);
      return count;
    },
    sync: async () => {
      failIfCrashed(faults);
      if (faults.unsynced) throw failure('EIO');
      await file.sync();
    },
    truncate: async (length) => {
      failIfCrashed(faults);
      if (faults.stuck) throw failure('EIO');
      await file.truncate(length);
    },
  };
}

function failIfCrashed(faults: FileFaults): void {
  if (faults.crashAfter === 0) throw failure('EIO');
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}
