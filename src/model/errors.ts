/** Exit codes of the program `sallyport` (docs: "Exit codes"). */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  notFound: 4,
  unreachable: 5,
  stillRunning: 6,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/**
 * What a loop does about an error: the user must act, it passes by itself
 * (try again, after `retryAfterMs` where known), it stays until something
 * outside changes, or it is our own fault.
 */
export type ErrorNext = 'user' | 'retry' | 'stalled' | 'bug';

export interface ErrorFacts {
  /** Stable, snake_case; scripts rely on it. */
  readonly code: string;
  /** What happened, with the facts, in one sentence. */
  readonly message: string;
  /** The exact next command, or what to change. */
  readonly hint?: string | undefined;
  readonly next?: ErrorNext;
  readonly exit?: ExitCode;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** The one error class: a code for scripts, a sentence for people, and what to do next. */
export class SallyportError extends Error {
  override readonly name = 'SallyportError';
  readonly code: string;
  readonly hint: string | undefined;
  readonly next: ErrorNext;
  readonly exit: ExitCode;
  readonly retryAfterMs: number | undefined;

  constructor(facts: ErrorFacts) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = facts.code;
    this.hint = facts.hint;
    this.next = facts.next ?? 'user';
    this.exit = facts.exit ?? exitCodes.failed;
    this.retryAfterMs = facts.retryAfterMs;
  }
}

/** Any thrown value as a SallyportError; what is not one yet is a bug of ours. */
export function asSallyportError(thrown: unknown): SallyportError {
  if (thrown instanceof SallyportError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new SallyportError({ code: 'internal', message, next: 'bug', cause: thrown });
}
