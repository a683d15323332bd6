export interface ProbeResult {
  /** HTTP status; `null` when there was no answer. */
  readonly status: number | null;
  /** At most the first 64 KiB of the body. */
  readonly body: string;
  /** Why there was no answer: `ECONNREFUSED`, `timeout`. */
  readonly error: string | null;
  readonly durationMs: number;
}

/** Asks a URL once. */
export interface Probe {
  /** Never rejects, and never follows redirects. */
  get(url: string, timeoutMs: number, signal?: AbortSignal): Promise<ProbeResult>;
}
