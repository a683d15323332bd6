import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What the disk says of a file: when all of it is as it was, so is the content. */
type Facts = Pick<Stats, 'size' | 'mtimeMs' | 'ctimeMs' | 'ino'>;

/** A file changed this shortly before it was read may change again without its times telling. */
const settledMs = 2_000;
const perFile = 4;
const oidLength = 40;
const checkLength = 20;

/**
 * Remembers the ids of files' contents, so that looking again at what did not change reads no
 * content. Only a memory: without it, or where it is damaged, everything is read again.
 */
export class OidIndex {
  readonly #path: string;
  readonly #now: number;
  readonly #stored: Stored;
  /** Where the next file is expected: a directory is mostly read in the same order again. */
  #next = 0;
  #positions: ReadonlyMap<string, number> | null = null;
  readonly #paths: string[] = [];
  readonly #facts: number[] = [];
  readonly #oids: string[] = [];
  #misses = 0;

  private constructor(path: string, now: number, stored: Stored) {
    this.#path = path;
    this.#now = now;
    this.#stored = stored;
  }

  /** `now`: by the clock that also gives files their times, ms since 1970. */
  static async open(path: string, now: number): Promise<OidIndex> {
    const bytes = await readFile(path).catch(() => null);
    return new OidIndex(path, now, (bytes === null ? null : parse(bytes)) ?? empty);
  }

  /** The id of a file that is as it was when it was noted; `null` where it must be read. */
  find(path: string, { size, mtimeMs, ctimeMs, ino }: Facts): string | null {
    const { facts, oids } = this.#stored;
    const at = this.#positionOf(path);
    const first = at * perFile;
    const isSame =
      facts[first] === size &&
      facts[first + 1] === mtimeMs &&
      facts[first + 2] === ctimeMs &&
      facts[first + 3] === ino;
    return isSame ? oids.slice(at * oidLength, (at + 1) * oidLength) : null;
  }

  /** What a file holds, looked up or just read. */
  note(path: string, facts: Facts, oid: string, isRead: boolean): void {
    if (isRead) this.#misses += 1;
    if (facts.ctimeMs > this.#now - settledMs) return;
    this.#paths.push(path);
    this.#facts.push(facts.size, facts.mtimeMs, facts.ctimeMs, facts.ino);
    this.#oids.push(oid);
  }

  /** Keeps what was noted, and nothing else. That it cannot be written hurts nobody. */
  async save(): Promise<void> {
    if (this.#misses === 0 && this.#paths.length === this.#stored.paths.length) return;
    try {
      await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
      const bytes = format(this.#paths, this.#facts, this.#oids);
      await writeFile(`${this.#path}.new`, bytes, { mode: 0o600 });
      await rename(`${this.#path}.new`, this.#path);
    } catch {
      // The next look reads the files again.
    }
  }

  /** -1 where it is not known. */
  #positionOf(path: string): number {
    const { paths } = this.#stored;
    if (paths[this.#next] !== path) {
      this.#positions ??= new Map(paths.map((name, at) => [name, at]));
      this.#next = this.#positions.get(path) ?? -1;
    }
    const at = this.#next;
    this.#next += 1;
    return at;
  }
}

interface Stored {
  readonly paths: readonly string[];
  /** Size, mtime, ctime, inode number of each. */
  readonly facts: Float64Array;
  /** Ids, 40 characters each. */
  readonly oids: string;
}

const empty: Stored = { paths: [], facts: new Float64Array(), oids: '' };

/** Check sum, how many files, their facts, ids, and paths with NULs between them: read much faster than JSON. */
function format(
  paths: readonly string[],
  facts: readonly number[],
  oids: readonly string[],
): Buffer {
  const numbers = new Float64Array([paths.length, ...facts]);
  const content = Buffer.concat([
    Buffer.from(numbers.buffer),
    Buffer.from(oids.join(''), 'latin1'),
    Buffer.from(paths.join('\0')),
  ]);
  return Buffer.concat([sumOf(content), content]);
}

/** `null` where it is not, to the last byte, what `format` made. */
function parse(bytes: Buffer): Stored | null {
  const content = bytes.subarray(checkLength);
  if (!sumOf(content).equals(bytes.subarray(0, checkLength))) return null;
  // Copied to where numbers may begin.
  const { buffer } = new Uint8Array(content);
  const [count = 0] = new Float64Array(buffer, 0, 1);
  const oidsAt = (1 + count * perFile) * Float64Array.BYTES_PER_ELEMENT;
  const pathsAt = oidsAt + count * oidLength;
  return {
    facts: new Float64Array(buffer, Float64Array.BYTES_PER_ELEMENT, count * perFile),
    oids: content.toString('latin1', oidsAt, pathsAt),
    paths: count === 0 ? [] : content.toString('utf8', pathsAt).split('\0'),
  };
}

function sumOf(content: Uint8Array): Buffer {
  return createHash('sha1').update(content).digest();
}
