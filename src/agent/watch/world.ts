import type { Sha } from '../../model/job.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Pace } from '../backoff.ts';
import type { IssueHere } from '../local/issue-here.ts';
import type { WatchGit } from './history.ts';

export interface WatchWorld {
  readonly git: () => Promise<WatchGit>;
  /** The environments that this host serves. */
  readonly environments: readonly string[];
  /** The source's branch, short: policy and head. */
  readonly branch: string;
  readonly issue: IssueHere;
  /**
   * The commit of the newest job in the ledger that came by itself, `null` where there is none:
   * where an environment's floor is not on the disk yet.
   */
  readonly issuedLast: (environment: string, signal: AbortSignal) => Promise<Sha | null>;
  /** The agent's folder for what survives a restart. */
  readonly state: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly pace: Pace;
}

/** Where the watcher stands, for people. Times in ms since 1970. */
export interface WatchView {
  readonly since: number;
  readonly lastPoll: number | null;
  readonly nextPoll: number | null;
  /** Whether the last poll reached the remote. */
  readonly connected: boolean;
  readonly failingSince: number | null;
  readonly error: string | null;
  readonly branch: string;
  readonly head: Sha | null;
  readonly environments: readonly WatchedEnvironment[];
}

export interface WatchedEnvironment {
  readonly name: string;
  /** What it follows is at this commit. */
  readonly head: Sha | null;
  /** The newest commit that was handled here. */
  readonly floor: Sha | null;
  /** What is waited for, or what was done last. */
  readonly note: string | null;
}
