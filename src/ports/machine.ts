/** A user of the machine. */
export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** Absolute. */
  readonly home: string;
}

export interface PathFacts {
  readonly kind: 'file' | 'folder' | 'socket' | 'other';
  /** The last nine bits: 0o700. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export interface CommandResult {
  /** Exit code or signal name; `not-found` where there is no such program, `timeout` where it took too long. */
  readonly status: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

export interface DiskSpace {
  /** What the agent's user may still write. */
  readonly freeBytes: number;
  readonly totalBytes: number;
  /** Both 0 where the file system does not count them. */
  readonly freeInodes: number;
  readonly totalInodes: number;
}

/** Who owns a path; `null`: whoever makes it. */
export type Owner = Pick<User, 'uid' | 'gid'> | null;

/**
 * The machine that Sallyport is installed on: its users, files and programs. Paths are absolute.
 * Looking never changes anything; what is not there is `null`. Rejects with `machine_refused` where the
 * machine does not let it.
 */
export interface Machine {
  /** Who asks. */
  readonly me: User;
  findUser(name: string): Promise<User | null>;
  /** Of the path itself, not of what a symbolic link leads to. */
  facts(path: string): Promise<PathFacts | null>;
  /** The names in a folder, in order. */
  names(folder: string): Promise<readonly string[] | null>;
  /** `null` too where it cannot be read; at most 1 MiB. */
  read(path: string): Promise<string | null>;
  /** Whole or not at all, on the disk when it resolves. */
  write(path: string, text: string, mode: number, owner: Owner): Promise<void>;
  /** Makes what of the path is missing; mode and owner are of the last folder, also where it is there. */
  makeFolder(path: string, mode: number, owner: Owner): Promise<void>;
  /** Mode and owner of what is there. */
  protect(path: string, mode: number, owner: Owner): Promise<void>;
  /** With all that is in it. Idempotent. */
  remove(path: string): Promise<void>;
  /** Of the file system that the nearest folder above is on. */
  space(path: string): Promise<DiskSpace>;
  /** argv, never a shell; nothing is asked of a terminal. Never rejects for what it did; ends it after `timeoutMs`. */
  run(command: readonly [string, ...string[]], timeoutMs?: number): Promise<CommandResult>;
  /** As `run`, with this program's own output and input: for what goes on until it is interrupted. */
  show(command: readonly [string, ...string[]]): Promise<number | string>;
}
