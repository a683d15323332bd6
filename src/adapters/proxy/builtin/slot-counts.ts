import type { SlotCounters } from '../../../ports/proxy.ts';

/** Upper ends of the classes of the times to answer, in ms. */
export const timeClasses = [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000] as const;

/** What a slot has answered. Counting must cost next to nothing: it is done for every request. */
export class SlotCounts {
  #requests = 0;
  #errors = 0;
  #durationMs = 0;
  readonly #codes = new Map<number, number>();
  readonly #times: number[] = Array.from(timeClasses, () => 0);

  /** The head of an answer has come, so long after its request. */
  answered(status: number, ms: number): void {
    this.#requests += 1;
    this.#durationMs += ms;
    if (status >= 500) this.#errors += 1;
    this.#codes.set(status, (this.#codes.get(status) ?? 0) + 1);
    const at = timeClasses.findIndex((end) => ms <= end);
    if (at >= 0) this.#times[at]! += 1;
  }

  /** An answer that had begun broke off. */
  brokeOff(): void {
    this.#errors += 1;
  }

  get sums(): SlotCounters {
    return { requests: this.#requests, errors: this.#errors, durationMs: this.#durationMs };
  }

  /** Answers by status. */
  get codes(): ReadonlyMap<number, number> {
    return this.#codes;
  }

  /** How many answers came within each of `timeClasses` and not within the one before. */
  get times(): readonly number[] {
    return this.#times;
  }
}
