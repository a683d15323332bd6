export interface KeptRelease {
  readonly sha: string;
  /** When it was last started, in ms since 1970; 0 where it never was. */
  readonly usedAt: number;
}

/** How much is kept: the newest so many, as far as they fit into so many bytes together. */
export interface Room {
  readonly keep: number;
  readonly maxBytes: number;
  /** What a release takes; of what several share, the newest has it. */
  readonly bytesOf: ReadonlyMap<string, number>;
}

/** Those that a slot or a deployment needs, then the others, the newest first: what comes last goes first. */
export function inOrder<Release extends KeptRelease>(
  releases: readonly Release[],
  needed: ReadonlySet<string>,
): readonly Release[] {
  return releases.toSorted(
    (a, b) =>
      Number(needed.has(b.sha)) - Number(needed.has(a.sha)) ||
      b.usedAt - a.usedAt ||
      (a.sha < b.sha ? -1 : 1),
  );
}

/** The releases that may go: all but the `keep` newest that fit, and never one that a slot or a deployment needs. */
export function prunable(
  releases: readonly KeptRelease[],
  needed: ReadonlySet<string>,
  keep: number | Room,
): readonly string[] {
  const order = inOrder(releases, needed).map(({ sha }) => sha);
  const fitting = typeof keep === 'number' ? keep : Math.min(keep.keep, countFitting(order, keep));
  return order.slice(fitting).filter((sha) => !needed.has(sha));
}

/** How many of the first ones fit; what comes after one that does not goes with it, for it is older. */
function countFitting(order: readonly string[], { maxBytes, bytesOf }: Room): number {
  let bytes = 0;
  for (const [count, sha] of order.entries()) {
    bytes += bytesOf.get(sha) ?? 0;
    if (bytes > maxBytes) return count;
  }
  return order.length;
}
