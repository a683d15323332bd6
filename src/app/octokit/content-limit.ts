/** What GitHub lets one installation create: comments, deployments, statuses, whatever is posted. */
const limits = [
  { most: 80, withinMs: 60_000 },
  { most: 500, withinMs: 3_600_000 },
] as const;
const longestMs = 3_600_000;

/** Counts what was created, so that GitHub need not refuse the next. */
export class ContentLimit {
  /** When the last ones were sent, oldest first. */
  #sent: number[] = [];

  count(now: number): void {
    this.#sent.push(now);
    if (this.#sent.length > 1_000) this.#sent = this.#sent.filter((at) => now - at < longestMs);
  }

  /** How long the next one has to wait, in ms. */
  waitMs(now: number): number {
    return Math.max(
      0,
      ...limits.map(({ most, withinMs }) => {
        const before = this.#sent.at(-most);
        return before === undefined ? 0 : before + withinMs - now;
      }),
    );
  }
}
