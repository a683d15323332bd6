import type { GithubState } from '../model/deployment.ts';

/** A job as the ledger holds it: signed text that the ledger itself does not understand. */
export interface JobEntry {
  /** Given by the ledger, rising; the order of everything. */
  readonly deployment: number;
  /** The job's JWS. */
  readonly token: string;
  /** When the ledger took it, by the ledger's clock, in ms since 1970. */
  readonly at: number;
}

/** A record as the ledger holds it. */
export interface RecordEntry {
  /** Given by the ledger, rising within a deployment. */
  readonly id: number;
  readonly deployment: number;
  /** The record's text, without the `#sp1.` before it. */
  readonly token: string;
  /** What was said with it, for people: unsigned, never parsed, and empty where it is not known. */
  readonly words: string;
  readonly at: number;
}

export interface JobPage {
  /** Newest first. */
  readonly jobs: readonly JobEntry[];
  /** Pass it to `jobs` for the page of older ones; absent on the last page. */
  readonly older?: string;
  /** The ledger's clock at the answer, in ms since 1970. */
  readonly now: number;
  /** Nothing changed since this ledger object was last asked for this page (a 304). */
  readonly unchanged: boolean;
}

export interface RecordPage {
  /** Oldest first, all of them. */
  readonly records: readonly RecordEntry[];
  readonly now: number;
  readonly unchanged: boolean;
}

export interface JobWrite {
  readonly token: string;
  /** What GitHub shows of it; other ledgers keep what they need. */
  readonly sha: string;
  readonly environment: string;
  /** At most 140 characters, for people, never parsed. */
  readonly description: string;
}

/** What a unit would change, for people; a ledger that can show it does, and may leave it. */
export interface PlanNote {
  /** The commit that it is about. */
  readonly sha: string;
  /** Unique among the notes of a commit, but for a later one that takes its place. */
  readonly name: string;
  readonly digest: string;
  /** One line. */
  readonly title: string;
  /** Markdown of at most 65535 bytes. */
  readonly summary: string;
  /** The whole plan for programs to read, as Markdown of at most 65535 bytes; `null` where it is longer. */
  readonly text: string | null;
}

export interface RecordWrite {
  readonly deployment: number;
  readonly token: string;
  /** The deployment's state as folded with this record in it, as GitHub names it. */
  readonly state: GithubState;
  readonly environment: string;
  /** At most 140 characters, for people, never parsed. */
  readonly description: string;
  /** Where people read on: a comment, a pull request, a log. */
  readonly link?: string | undefined;
  /** Where what was deployed is found: of a record by which a deployment completes. */
  readonly url?: string | undefined;
  /** Of a record that says what would change. Losing it loses no record. */
  readonly plan?: PlanNote | undefined;
}

/**
 * The queue and the ledger: jobs, and records that speak of them. Entries are
 * never changed. Reads may be stale, may come out of order, and may lack entries
 * that were seen before; callers act on the presence of an entry, never on its
 * absence alone. Every method rejects with a SallyportError: `next: 'retry'`
 * (with `retryAfterMs` where the other side named a time) when it can pass by itself.
 */
export interface Ledger {
  /** A page of jobs, the newest without `older`. */
  jobs(older?: string, signal?: AbortSignal): Promise<JobPage>;
  /** All records of one deployment. */
  records(deployment: number, signal?: AbortSignal): Promise<RecordPage>;
  /**
   * Writes a job and gives its deployment id. A write that timed out is read back
   * by its token before it is repeated, so that one call makes one entry wherever
   * the entry can be seen.
   */
  publish(job: JobWrite, signal?: AbortSignal): Promise<JobEntry>;
  /** Writes a record. The same token twice is one entry; a timed-out write is read back first. */
  append(record: RecordWrite, signal?: AbortSignal): Promise<RecordEntry>;
  /**
   * For people only: GitHub's state of a deployment without a record (closing what an agent left
   * open, or making the one that was replaced `inactive`). Idempotent.
   */
  show(
    deployment: number,
    state: GithubState,
    description: string,
    signal?: AbortSignal,
  ): Promise<void>;
}
