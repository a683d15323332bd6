/** A long-running program in a slot. */
export interface ServiceSpec {
  /** Unique on the host: `production.web.blue`. */
  readonly name: string;
  /** argv; never a shell. */
  readonly command: readonly [string, ...string[]];
  readonly directory: string;
  /** The whole environment of the program, secrets included. Never logged. */
  readonly env: Readonly<Record<string, string>>;
  /** Standard output and error go to the end of this file. */
  readonly log: string;
}

export interface ServiceStatus {
  readonly running: boolean;
  readonly pid: number | null;
  /** Exit code or signal name of the last end, where known. */
  readonly ended: number | string | null;
}

/**
 * What starts and stops long-running programs: the agent's own children, or systemd.
 * Programs outlive the agent: after a kill -9 of it they run on, and a new agent finds them by name.
 */
export interface Init {
  /**
   * Starts it, ending an older one of the same name first. Resolves when it was spawned, not when
   * it is healthy. Rejects with `start_failed`, and as `stop` does.
   */
  start(spec: ServiceSpec): Promise<void>;
  /**
   * SIGTERM to the whole process group, SIGKILL after `graceMs`. Idempotent. Rejects with
   * `stop_failed` where even that did not end it within seconds.
   */
  stop(name: string, graceMs: number): Promise<void>;
  /** Sends a signal to the program that was started, not to its children. Rejects with `not_running`. */
  signal(name: string, signalName: NodeJS.Signals): Promise<void>;
  /** Never started is not running. */
  status(name: string): Promise<ServiceStatus>;
}
