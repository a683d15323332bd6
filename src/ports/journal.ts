/** One entry of a journal, as it was appended. */
export interface JournalEntry<Body> {
  /** From 1, without gaps. */
  readonly seq: number;
  /** This machine's clock, in ms since 1970. */
  readonly at: number;
  readonly body: Body;
}

/**
 * An append-only file of facts that survives kill -9 at any byte. A torn last line
 * (written, not yet acknowledged) is recognised at `open` and dropped; any other
 * damage is an error that names the entry, and nothing is dropped.
 */
export interface Journal<Body> {
  /** Resolves when the entry is on the disk (fsync). Rejects with `disk_full` where there is no room. */
  append(body: Body): Promise<JournalEntry<Body>>;
  /** Every entry, oldest first. */
  entries(): readonly JournalEntry<Body>[];
  close(): Promise<void>;
}

/** What was found in one file whose entries each carry the hash of the one before. */
export interface CheckedJournal {
  readonly path: string;
  /** Entries that hold, from the first. */
  readonly entries: number;
  /** The first entry that does not; `null` where all do. */
  readonly broken: { readonly line: number; readonly entry: number; readonly why: string } | null;
  /** The last line was not written whole: a kill in the middle of a write, not yet acknowledged. */
  readonly torn: boolean;
}

/** Checks the chains of a state folder: without the network, without an agent, and nothing is changed. */
export type CheckHistory = (state: string) => Promise<readonly CheckedJournal[]>;
