import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { statfs } from 'node:fs/promises';

/** Enough for the journal, the state files and the way back of several deployments, in bytes. */
const reserveBytes = 4 * 2 ** 20;

/**
 * Room on the disk that is given back when the disk is full: whoever can write nothing at all can
 * neither write down what it does nor start a program again. A file of that size is all it is.
 */
export class Reserve {
  readonly #path: string;
  readonly #folder: string;

  /** In `folder`, which exists. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#path = `${folder}/reserve`;
  }

  /** Free bytes on the disk, for this user. */
  async free(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#folder);
    return bavail * bsize;
  }

  /** Sets the room aside, where it is not and there is enough of it. Never rejects: it is only a precaution. */
  async keep(): Promise<void> {
    try {
      if (!this.#isThere() && (await this.free()) > 4 * reserveBytes) this.#write();
    } catch {
      rmSync(`${this.#path}.new`, { force: true });
    }
  }

  /** Gives the room back; tells whether there was any. */
  give(): boolean {
    const wasThere = this.#isThere();
    rmSync(this.#path, { force: true });
    return wasThere;
  }

  #isThere(): boolean {
    return statSync(this.#path, { throwIfNoEntry: false }) !== undefined;
  }

  /** Bytes that are really there: a file of holes takes no room. */
  #write(): void {
    const block = Buffer.alloc(64 * 1024, '.');
    const file = openSync(`${this.#path}.new`, 'w', 0o600);
    try {
      for (let written = 0; written < reserveBytes; written += block.length) writeSync(file, block);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(`${this.#path}.new`, this.#path);
  }
}
