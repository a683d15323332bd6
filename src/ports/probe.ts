export interface ProbeResult {
  /** HTTP status; `null` when there was no answer. */
  readonly status: number | null;
  /** At most the first 64 KiB of the body. */
  readonly body: string;
  /** Why there was no answer: `ECONNREFUSED`, `timeout`. */
  readonly error: string | null;
  readonly durationMs: number;
}

/** A request without a body. */
export interface ProbeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** `http:` or `https:`. */
  readonly url: string;
  readonly timeoutMs: number;
  /** Asked over this Unix socket instead of the URL's host. */
  readonly socket?: string | undefined;
  /** Asked under this name, whatever the URL says; of TLS any certificate will do then. */
  readonly host?: string | undefined;
}

/** Asks a URL once. Never rejects, and never follows redirects. */
export interface Probe {
  get(url: string, timeoutMs: number, signal?: AbortSignal): Promise<ProbeResult>;
  /** As `get`, with any method: also to make a program do something, such as read its files again. */
  send(request: ProbeRequest, signal?: AbortSignal): Promise<ProbeResult>;
}
