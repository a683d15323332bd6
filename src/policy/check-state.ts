/** A check run or a commit status, as GitHub tells of it. */
export interface CheckFound {
  readonly name: string;
  /** The id of the app that said it; `null` of a commit status. */
  readonly app: number | null;
  /** The suite of a check run, such as one run of a workflow; `null` of a commit status. */
  readonly suite: number | null;
  readonly kind: 'check-run' | 'status';
  /** Of a check run: `queued`, `in_progress`, `completed`, …; of a status: its state. */
  readonly status: string;
  /** Of a check run that is completed. */
  readonly conclusion: string | null;
  /** Ms since 1970; `null` of one that has not started. */
  readonly startedAt: number | null;
  /** Rises with every one that GitHub makes. */
  readonly id: number;
}

export type CheckState = 'succeeded' | 'pending' | 'failed' | 'missing';

/**
 * Of several by one name in one suite, as re-runs leave them, only the newest. The same name in
 * another suite is another check: one workflow's success does not answer for another's failure.
 */
export function newestOf(found: readonly CheckFound[]): readonly CheckFound[] {
  const newest = new Map<string, CheckFound>();
  for (const check of found) {
    const key = JSON.stringify([check.kind, check.app, check.suite, check.name]);
    const known = newest.get(key);
    if (!known || isNewer(check, known)) newest.set(key, check);
  }
  return [...newest.values()];
}

/** GitHub's own rule: neutral and skipped satisfy. What it may come to say later does not. */
export function stateOf({ kind, status, conclusion }: CheckFound): CheckState {
  if (kind === 'status') {
    return status === 'success' ? 'succeeded' : status === 'pending' ? 'pending' : 'failed';
  }
  if (status !== 'completed') return 'pending';
  return conclusion !== null && satisfying.has(conclusion) ? 'succeeded' : 'failed';
}

const satisfying: ReadonlySet<string> = new Set(['success', 'neutral', 'skipped']);

/** One that has not started yet has been asked for last. */
function isNewer(one: CheckFound, other: CheckFound): boolean {
  const [start, otherStart] = [one.startedAt ?? Infinity, other.startedAt ?? Infinity];
  return start === otherStart ? one.id > other.id : start > otherStart;
}
