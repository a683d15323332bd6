/** Somebody else who is asked whether a deployment may come through: a program or an address. */
export interface ExternalGate {
  readonly name: string;
  /** argv; never a shell. */
  readonly command?: readonly string[];
  readonly url?: string;
  readonly timeout: number;
}

/** What is told to whoever is asked; nothing secret. */
export interface AskedFacts {
  readonly environment: string;
  readonly host: string;
  readonly deployment: number | null;
  readonly operation: string;
  readonly sha: string;
  readonly ref: string;
  readonly actor: string;
  readonly auto: boolean;
}

export interface ExternalAnswer {
  readonly open: boolean;
  /** One line for people. */
  readonly message: string;
}

/**
 * Asks once, within the gate's time (ms). Never rejects but with the signal's reason: whoever cannot be asked
 * gives no answer (`null`), and no answer closes.
 */
export type Ask = (
  gate: ExternalGate,
  facts: AskedFacts,
  signal: AbortSignal,
) => Promise<ExternalAnswer | null>;
