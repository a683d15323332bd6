export interface KeptRelease {
  readonly sha: string;
  /** When it was last started, in ms since 1970; 0 where it never was. */
  readonly usedAt: number;
}

/** The releases that may go: all but the `keep` newest, and never one that a slot or a deployment needs. */
export function prunable(
  releases: readonly KeptRelease[],
  needed: ReadonlySet<string>,
  keep: number,
): readonly string[] {
  const newestFirst = releases.toSorted(
    (a, b) =>
      Number(needed.has(b.sha)) - Number(needed.has(a.sha)) ||
      b.usedAt - a.usedAt ||
      (a.sha < b.sha ? -1 : 1),
  );
  return newestFirst
    .slice(keep)
    .map(({ sha }) => sha)
    .filter((sha) => !needed.has(sha));
}
