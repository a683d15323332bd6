import type { Parts } from './parts.ts';

/** Standard output or standard error. */
export interface Stream {
  write(text: string): void;
  readonly isTTY: boolean;
  /** How wide the terminal is; absent where there is none. */
  readonly columns?: number | undefined;
}

/** Everything that a verb may touch. `src/bin` makes the real one; tests make their own. */
export interface World {
  /** What the verb is asked for. */
  readonly stdout: Stream;
  /** Progress, warnings and errors. */
  readonly stderr: Stream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The working directory; absolute. */
  readonly cwd: string;
  /** Reads a file, relative to `cwd`. Throws `file_not_found` or `file_unreadable`; refuses one over `maxBytes`. */
  readFile(path: string, maxBytes: number): Promise<Uint8Array>;
  /**
   * Aborted by the first SIGINT or SIGTERM. A verb that never asks for it is ended by them at
   * once, as any program is.
   */
  readonly signal: AbortSignal;
  /** What needs adapters; each is made when it is first asked for. */
  readonly parts: Parts;
}
