import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { dirname } from 'node:path';

/** What the disk says of a file: when all of it is as it was, so is the content. */
type Facts = Pick<Stats, 'size' | 'mtimeMs' | 'ctimeMs' | 'ino'>;

/** A file changed this shortly before it was read may change again without its times telling. */
const settledMs = 2_000;
const perFile = 4;

/**
 * Remembers the ids of files' contents, so that looking again at what did not change reads no
 * content. Only a memory: without it, or where it is damaged, everything is read again.
 */
export class OidIndex {
  readonly #path: string;
  readonly #now: number;
  readonly #old: ReadonlyMap<string, number>;
  readonly #facts: readonly number[];
  readonly #oids: string;
  readonly #paths: string[] = [];
  readonly #newFacts: number[] = [];
  readonly #newOids: string[] = [];
  #misses = 0;

  private constructor(path: string, now: number, stored: Stored) {
    this.#path = path;
    this.#now = now;
    this.#old = new Map(stored.paths.map((name, at) => [name, at]));
    this.#facts = stored.facts;
    this.#oids = stored.oids;
  }

  /** `now`: by the clock that also gives files their times, ms since 1970. */
  static async open(path: string, now: number): Promise<OidIndex> {
    const text = await readFile(path, 'utf8').catch(() => '');
    return new OidIndex(path, now, parse(text));
  }

  /** The id of a file that is as it was when it was noted; `null` where it must be read. */
  find(path: string, facts: Facts): string | null {
    const at = this.#old.get(path);
    if (at === undefined) return null;
    const [size, mtimeMs, ctimeMs, ino] = this.#facts.slice(at * perFile, (at + 1) * perFile);
    const isSame =
      size === facts.size &&
      mtimeMs === facts.mtimeMs &&
      ctimeMs === facts.ctimeMs &&
      ino === facts.ino;
    return isSame ? this.#oids.slice(at * oidLength, (at + 1) * oidLength) : null;
  }

  /** What a file holds, looked up or just read. */
  note(path: string, facts: Facts, oid: string, isRead: boolean): void {
    if (isRead) this.#misses += 1;
    if (facts.ctimeMs > this.#now - settledMs) return;
    this.#paths.push(path);
    this.#newFacts.push(facts.size, facts.mtimeMs, facts.ctimeMs, facts.ino);
    this.#newOids.push(oid);
  }

  /** Keeps what was noted, and nothing else. That it cannot be written hurts nobody. */
  async save(): Promise<void> {
    if (this.#misses === 0 && this.#paths.length === this.#old.size) return;
    const stored: Stored = {
      schema: 1,
      paths: this.#paths,
      facts: this.#newFacts,
      oids: this.#newOids.join(''),
    };
    try {
      await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
      await writeFile(`${this.#path}.new`, JSON.stringify(stored), { mode: 0o600 });
      await rename(`${this.#path}.new`, this.#path);
    } catch {
      // The next look reads the files again.
    }
  }
}

const oidLength = 40;

interface Stored {
  readonly schema: 1;
  readonly paths: readonly string[];
  /** Size, mtime, ctime, inode number of each. */
  readonly facts: readonly number[];
  /** Ids, 40 characters each. */
  readonly oids: string;
}

const empty: Stored = { schema: 1, paths: [], facts: [], oids: '' };

/** A schema of zod's takes longer for this than reading all files' times. */
function parse(text: string): Stored {
  try {
    const stored = JSON.parse(text) as Partial<Stored> | null;
    const { paths, facts, oids } = stored ?? {};
    const isWhole =
      stored?.schema === 1 &&
      Array.isArray(paths) &&
      Array.isArray(facts) &&
      typeof oids === 'string' &&
      paths.every((path) => typeof path === 'string') &&
      facts.length === paths.length * perFile &&
      /^[0-9a-f]*$/.test(oids) &&
      oids.length === paths.length * oidLength;
    return isWhole ? (stored as Stored) : empty;
  } catch {
    return empty;
  }
}
