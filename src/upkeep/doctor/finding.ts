/** One fact about the host, and what mends it where it is not as it should be. */
export interface Finding {
  readonly state: 'ok' | 'warn' | 'fail';
  /** One sentence, with the facts. */
  readonly message: string;
  /** The exact command, or the exact lines, that mend it. */
  readonly hint?: string | undefined;
}

export function ok(message: string): Finding {
  return { state: 'ok', message };
}

/** It works, but not as it should, or not for long. */
export function warn(message: string, hint?: string): Finding {
  return { state: 'warn', message, hint };
}

/** It keeps the agent from its work. */
export function fail(message: string, hint?: string): Finding {
  return { state: 'fail', message, hint };
}
