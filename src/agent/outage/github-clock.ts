import type { Clock } from '../../ports/clock.ts';
import type { JobEntry, Ledger, RecordEntry } from '../../ports/ledger.ts';

/**
 * GitHub's time, as far as it is known: what people do on the host is written with it, so that both
 * ledgers have one order, however wrong the clock of the host goes.
 */
export class GithubClock implements Clock {
  readonly #clock: Clock;
  /** GitHub's clock minus this machine's. */
  #ahead = 0;
  /** When GitHub took the last that this host has seen. */
  #newest: number;

  constructor(clock: Clock, newest: number) {
    this.#clock = clock;
    this.#newest = newest;
  }

  /** After all that GitHub has told: whoever acts now has seen it. */
  now(): number {
    return Math.max(this.#clock.now() + this.#ahead, this.#newest + 1);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#clock.sleep(ms, signal);
  }

  random(): number {
    return this.#clock.random();
  }

  /** GitHub's ledger, listened to. */
  observe(ledger: Ledger): Ledger {
    return {
      jobs: async (older, signal) => {
        const page = await ledger.jobs(older, signal);
        this.#ahead = page.now - this.#clock.now();
        this.#heard(page.jobs);
        return page;
      },
      records: async (deployment, signal) => {
        const page = await ledger.records(deployment, signal);
        this.#heard(page.records);
        return page;
      },
      publish: async (job, signal) => this.#heardOf(await ledger.publish(job, signal)),
      append: async (record, signal) => this.#heardOf(await ledger.append(record, signal)),
      show: (deployment, state, description, signal) =>
        ledger.show(deployment, state, description, signal),
    };
  }

  #heard(entries: readonly (JobEntry | RecordEntry)[]): void {
    for (const { at } of entries) this.#newest = Math.max(this.#newest, at);
  }

  #heardOf<Entry extends JobEntry | RecordEntry>(entry: Entry): Entry {
    this.#heard([entry]);
    return entry;
  }
}
