import { stat } from 'node:fs/promises';
import { SallyportError } from '../../../model/errors.ts';
import type { Clock } from '../../../ports/clock.ts';
import { type Files, type OpenFile, systemFiles } from '../../journal/file/files.ts';
import { InTurn } from '../../../model/in-turn.ts';
import {
  encodeLine,
  type Line,
  type LineEnd,
  scanLines,
  startOfFile,
} from '../../journal/file/line.ts';
import { type HeldLock, holderOf, takeLock } from '../../journal/file/lock.ts';
import { writeLine } from '../../journal/file/write-line.ts';
import { type FileEntry, readEntry } from './entry.ts';

/** Another writer holds the lock for milliseconds; one that holds it this long has a problem. */
const patienceMs = 10_000;

/**
 * The entries of a journal file that several processes add to. Readers take no lock: a line that
 * is not whole yet is not there yet. Writers hold the lock while they read on, decide and write.
 */
export class SharedEntries {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #files: Files;
  #entries: FileEntry[] = [];
  #end: LineEnd = startOfFile;
  #version: string | null = null;
  /** What this process writes, so that it never waits for its own lock. */
  readonly #writes = new InTurn();
  /** Everything that moves `#end`. */
  readonly #moves = new InTurn();

  constructor(path: string, clock: Clock, files: Files = systemFiles) {
    this.#path = path;
    this.#clock = clock;
    this.#files = files;
  }

  /** Everything that is in the file now. Costs one `stat` when nothing changed. */
  read(): Promise<readonly FileEntry[]> {
    return this.#moves.run(async () => {
      const version = await versionOf(this.#path);
      if (version === this.#version || version === null) return this.#entries;
      await this.#use((file) => this.#readOn(file));
      this.#version = version;
      return this.#entries;
    });
  }

  /**
   * Adds the entry that `decide` makes of all that is in the file, alone among all writers;
   * `null` adds none. Gives the entry added. Errors: `ledger_busy` (retry), and those of `writeLine`.
   */
  append(
    decide: (entries: readonly FileEntry[]) => unknown,
    signal?: AbortSignal,
  ): Promise<FileEntry | null> {
    return this.#writes.run(async () => {
      signal?.throwIfAborted();
      const lock = await this.#lock(signal);
      try {
        return await this.#moves.run(() => this.#use((file) => this.#appendTo(file, decide)));
      } finally {
        await lock.release();
      }
    });
  }

  async #use<Result>(act: (file: OpenFile) => Promise<Result>): Promise<Result> {
    const file = await this.#files.open(this.#path);
    try {
      return await act(file);
    } finally {
      await file.close();
    }
  }

  async #appendTo(
    file: OpenFile,
    decide: (entries: readonly FileEntry[]) => unknown,
  ): Promise<FileEntry | null> {
    const torn = await this.#readOn(file);
    if (torn > 0) await file.truncate(this.#end.offset);
    const body = decide(this.#entries);
    if (body === null) return null;
    const { bytes, line, end } = encodeLine(this.#end, this.#clock.now(), body);
    await writeLine(file, this.#end.offset, bytes, this.#path);
    this.#end = end;
    return this.#keep(line);
  }

  /** Takes in what came since; gives the bytes of a torn last line. */
  async #readOn(file: OpenFile): Promise<number> {
    const { lines, end, torn } = await this.#scan(file);
    for (const line of lines) this.#keep(line);
    this.#end = end;
    return torn;
  }

  #keep(line: Line): FileEntry | null {
    const entry = readEntry(line);
    if (entry) this.#entries.push(entry);
    return entry;
  }

  /** A writer may have cut off a line that it could not sync and we have seen: then all is read anew. */
  async #scan(file: OpenFile) {
    try {
      if ((await file.size()) >= this.#end.offset) {
        return scanLines(await file.read(this.#end.offset), this.#end, this.#path);
      }
    } catch (error) {
      if (this.#end === startOfFile) throw error;
    }
    const scanned = scanLines(await file.read(0), startOfFile, this.#path);
    this.#entries = [];
    return scanned;
  }

  async #lock(signal: AbortSignal | undefined): Promise<HeldLock> {
    const path = `${this.#path}.lock`;
    for (let waitedMs = 0; waitedMs < patienceMs;) {
      const lock = await takeLock(path);
      if (lock) return lock;
      const pauseMs = 2 + Math.floor(this.#clock.random() * 10);
      await this.#clock.sleep(pauseMs, signal);
      waitedMs += pauseMs;
    }
    throw new SallyportError({
      code: 'ledger_busy',
      message: `Process ${await holderOf(path)} holds the lock of ${this.#path} for over ${patienceMs / 1000} s.`,
      hint: `Look what it does: ps -p ${await holderOf(path)} -o args`,
      next: 'retry',
    });
  }
}

/** Changes whenever the file does; `null` where there is none. */
async function versionOf(path: string): Promise<string | null> {
  try {
    const { ino, size, mtimeNs } = await stat(path, { bigint: true });
    return `${ino} ${size} ${mtimeNs}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
