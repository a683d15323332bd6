import type { Sha } from '../../model/job.ts';
import type { GitFile } from '../../ports/git.ts';
import { tooLarge, unsafePath } from './git-errors.ts';
import { gitLimits } from './git-limits.ts';
import { findUnsafePath, type TreeEntry } from './tree-entry.ts';

/** How many files are remembered in all; an empty listing costs something too. */
const room = 250_000;
const overhead = 16;

/**
 * Remembers what commits hold: a commit never changes, so one that was listed before costs nothing.
 * The listings that were not asked for the longest are forgotten first. Refuses unsafe trees.
 */
export class Listings {
  readonly #read: (sha: Sha, folder: string) => Promise<readonly TreeEntry[]>;
  readonly #known = new Map<string, Promise<readonly GitFile[]>>();
  readonly #weights = new Map<string, number>();
  #weight = 0;

  constructor(read: (sha: Sha, folder: string) => Promise<readonly TreeEntry[]>) {
    this.#read = read;
  }

  list(sha: Sha, folder: string): Promise<readonly GitFile[]> {
    const key = `${sha}:${folder}`;
    const known = this.#known.get(key) ?? this.#remember(key, sha, folder);
    this.#known.delete(key);
    this.#known.set(key, known);
    return known;
  }

  #remember(key: string, sha: Sha, folder: string): Promise<readonly GitFile[]> {
    const listing = this.#read(sha, folder).then(checked);
    listing.then(
      ({ length }) => this.#makeRoom(key, length + overhead),
      () => this.#known.delete(key),
    );
    return listing;
  }

  #makeRoom(key: string, weight: number): void {
    this.#weights.set(key, weight);
    this.#weight += weight;
    for (const oldest of this.#known.keys()) {
      if (this.#weight <= room || oldest === key) return;
      const freed = this.#weights.get(oldest);
      // One that is still being read has no weight yet.
      if (freed === undefined) continue;
      this.#known.delete(oldest);
      this.#weights.delete(oldest);
      this.#weight -= freed;
    }
  }
}

function checked(entries: readonly TreeEntry[]): readonly GitFile[] {
  if (entries.length > gitLimits.treeEntries) {
    throw tooLarge('the tree', `${gitLimits.treeEntries} files`);
  }
  const unsafe = findUnsafePath(entries);
  if (unsafe) throw unsafePath(unsafe.path, unsafe.why);
  return entries.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
