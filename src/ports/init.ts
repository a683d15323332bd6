/** How a program is kept in bounds, where what starts it can do that; sizes in bytes. */
export interface Supervision {
  /** The program says `READY=1` to `$NOTIFY_SOCKET` itself. */
  readonly notify: boolean;
  readonly limits: {
    readonly memory: number | null;
    /** In processors: 1.5 is one and a half. */
    readonly cpu: number | null;
    readonly tasks: number | null;
    readonly files: number | null;
  };
  /** It may write to its own folders only, and may not gain privileges. */
  readonly sandbox: boolean;
  /** Folders that it may write to all the same, absolute. */
  readonly writable: readonly string[];
}

/** A long-running program in a slot. */
export interface ServiceSpec {
  /** Unique on the host: `production.web.blue`. */
  readonly name: string;
  /** argv; never a shell. */
  readonly command: readonly [string, ...string[]];
  readonly directory: string;
  /** The whole environment of the program, secrets included. Never logged. */
  readonly env: Readonly<Record<string, string>>;
  /** Standard output and error go to the end of this file, where nobody else keeps them (journald). */
  readonly log: string;
  /** The Unix socket that it makes to listen on, absolute: programs of other users may connect to it. */
  readonly socket?: string | undefined;
  /** Absent: none of it. */
  readonly supervision?: Supervision | undefined;
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
   * it is healthy. Where the host's own init does it, it comes back at boot until it is stopped.
   * Rejects with `start_failed`, and as `stop` does.
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
  /**
   * At most so many of the last lines that the program printed since it was started last, as they
   * are; `log` is where its spec sent them. Empty where there are none, or nobody may read them.
   */
  lines(name: string, log: string, count: number): Promise<readonly string[]>;
  /** What keeps programs from being started on this host; nothing is changed by looking. */
  check(): Promise<readonly InitProblem[]>;
}

/** Something about the host that keeps programs from being started. */
export interface InitProblem {
  /** What is wrong, in words. */
  readonly message: string;
  /** The exact command that mends it. */
  readonly hint: string;
}
