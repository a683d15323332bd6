/** A gate's answer, as data: the App lists it in the job, comments and `gates` show it. */
export interface GateDecision {
  readonly name: string;
  readonly open: boolean;
  /** Stable, snake_case; scripts rely on it. */
  readonly reason: string;
  /** What was found, with the facts, in one sentence. */
  readonly message: string;
  /** The exact next thing to type or to change; `null` where nothing is to be done. */
  readonly hint: string | null;
  /** When it opens by itself, in ms since 1970; absent where it does not, or where nobody knows. */
  readonly opensAt?: number;
  /** The timezone in which people think of `opensAt`; absent where they do in none. */
  readonly timezone?: string;
}

export function openGate(name: string, reason: string, message: string): GateDecision {
  return { name, open: true, reason, message, hint: null };
}

export function closedGate(
  name: string,
  reason: string,
  message: string,
  hint: string | null = null,
  opensAt?: number,
): GateDecision {
  const decision = { name, open: false, reason, message, hint };
  return opensAt === undefined ? decision : { ...decision, opensAt };
}

/** The first gate that is closed, in the order in which they were judged. */
export function firstClosed(gates: readonly GateDecision[]): GateDecision | null {
  return gates.find(({ open }) => !open) ?? null;
}
