/**
 * Remembers delivery ids, so that each is acted on once while this process lives. The
 * oldest ones are forgotten: jobs are derived from their cause, and a second run is harmless.
 */
export class Deliveries {
  readonly #seen = new Set<string>();
  readonly #capacity: number;

  constructor(capacity = 10_000) {
    this.#capacity = capacity;
  }

  /** Whether the id is new; from now on it is not. */
  take(id: string): boolean {
    if (this.#seen.has(id)) return false;
    this.#seen.add(id);
    const [oldest] = this.#seen;
    if (this.#seen.size > this.#capacity && oldest !== undefined) this.#seen.delete(oldest);
    return true;
  }

  /** After a failure: GitHub or a person may send it again. */
  forget(id: string): void {
    this.#seen.delete(id);
  }
}
