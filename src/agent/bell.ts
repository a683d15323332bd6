import type { Clock } from '../ports/clock.ts';

/** Something to wait on that others may ring; a ring while nobody waits is kept for the next wait. */
export class Bell {
  readonly #clock: Clock;
  #rung = false;
  #wake: AbortController | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ring(): void {
    this.#rung = true;
    this.#wake?.abort();
  }

  /** Resolves when it was rung or the time is over; rejects with the signal's reason when aborted. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.#rung) {
      this.#wake = new AbortController();
      try {
        await this.#clock.sleep(ms, AbortSignal.any([signal, this.#wake.signal]));
      } catch (error) {
        signal.throwIfAborted();
        if (!this.#rung) throw error;
      } finally {
        this.#wake = null;
      }
    }
    this.#rung = false;
  }
}
