/** Time and waiting, passed in so that unit tests never wait. */
export interface Clock {
  /** Milliseconds since 1970 by this machine's clock. Deadlines of steps use it; the ledger's order never does. */
  now(): number;
  /** Resolves after `ms`, or rejects with the signal's reason as soon as it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** A number in [0, 1), for jitter. */
  random(): number;
}
