import type { Clock } from '../../ports/clock.ts';
import type { Probe } from '../../ports/probe.ts';

/** What a visitor saw: requests answered well, and requests that were not. */
export interface Visits {
  readonly answered: number;
  readonly failed: readonly string[];
}

/** Asks the service all the time, as its users do, to see whether a deployment hurts anybody. */
export class Visitor {
  readonly #stopped = new AbortController();
  readonly #done: Promise<void>;
  #answered = 0;
  readonly #failed: string[] = [];

  constructor(url: string, probe: Probe, clock: Clock) {
    this.#done = this.#visit(url, probe, clock);
  }

  async stop(): Promise<Visits> {
    this.#stopped.abort();
    await this.#done;
    return { answered: this.#answered, failed: this.#failed };
  }

  async #visit(url: string, probe: Probe, clock: Clock): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      const { status, error } = await probe.get(url, 5_000);
      if (status !== null && status < 500) this.#answered += 1;
      else this.#failed.push(error ?? `HTTP ${status}`);
      await clock.sleep(20, signal).catch(() => undefined);
    }
  }
}
