/** A program that ends by itself: a build, a test, a smoke check. */
export interface ProgramSpec {
  /** argv; never a shell. */
  readonly command: readonly [string, ...string[]];
  readonly directory: string;
  /** The whole environment of the program, secrets included. Never logged. */
  readonly env: Readonly<Record<string, string>>;
  /** Values that never reach the log or the tail. */
  readonly secrets: readonly string[];
  /** Standard output and error, redacted, go to the end of this file. */
  readonly log: string;
  /** Told each line that goes there, as it comes: redacted, without colours, shortened where it is long. */
  readonly tell?: (line: string) => void;
  readonly timeoutMs: number;
  /**
   * Standard output is an answer to read: so many bytes of it are handed back as they are, secrets
   * included.
   */
  readonly capture?: number;
  /**
   * Standard output may hold secrets that nobody declared (`tofu show -json` prints them in clear),
   * so it reaches neither the log nor the tail; standard error does.
   */
  readonly unlogged?: boolean;
  /**
   * How long it may take to end tidily after SIGINT, as after Ctrl-C, before a timeout or an abort
   * ends it like any other: what is cut off in the middle of a change may leave a lock behind.
   */
  readonly graceMs?: number;
}

export interface ProgramResult {
  /** Exit code, signal name, or `timeout`. 0 is success. */
  readonly status: number | string;
  readonly durationMs: number;
  /** The last lines of its output, redacted. */
  readonly tail: readonly string[];
  /** What was captured; absent where nothing was asked for, and where it printed more than that. */
  readonly stdout?: string;
}

/** Runs programs in process groups of their own, which end as a whole on timeout or abort. */
export interface Programs {
  /**
   * Never rejects for what the program did; a program that cannot be started has status `not-found`
   * or `not-executable`. Rejects with the signal's reason when aborted, after the program has ended.
   * Rejects with `stop_failed` where a program does not end, not even on SIGKILL.
   * One that an agent left running at the same log when it was killed is ended first.
   */
  run(spec: ProgramSpec, signal?: AbortSignal): Promise<ProgramResult>;
}
