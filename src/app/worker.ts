import { asSallyportError } from '../model/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { LeasedItem, WorkQueue } from '../ports/store.ts';
import { putOffFor, retryIn } from './retry-delivery.ts';

export interface WorkerOptions {
  readonly queue: WorkQueue;
  /** Acts on one item. Rejects with `next: 'retry'` where it may do better later, with `notYet` where it waits. */
  readonly act: (item: LeasedItem) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

/** So many items are acted on side by side. */
const atOnce = 16;
/** A process that was killed holds its items for at most so long. */
const leaseMs = 30_000;
/** How often it looks for what others put there, and for what is to be tried again. */
const pollMs = 1_000;
/** While the store cannot be reached. */
const troubledPollMs = 5_000;
/** What was begun more often than this ended the process each time. */
const maxBeginnings = 10;

/** Takes items off a queue and acts on them, each once, through restarts. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #running = new Set<Promise<void>>();
  #nap: AbortController | null = null;
  #isWoken = false;
  #whenResting: (() => void)[] = [];

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  /** Works until aborted, then ends what is under way. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.wake());
    while (!signal.aborted) {
      const begun = await this.#beginNext();
      if (begun === 0 || this.#running.size >= atOnce) await this.#rest(begun === null);
    }
    await Promise.allSettled(this.#running);
    this.#tellResting();
  }

  /** There is something to do. */
  wake(): void {
    this.#isWoken = true;
    this.#nap?.abort();
  }

  /** Resolves once nothing is left to be done at once. */
  async settled(): Promise<void> {
    if (this.#nap && this.#isResting()) return;
    await new Promise<void>((resolve) => this.#whenResting.push(resolve));
  }

  /** Gives how many; `null` where the store cannot be reached. */
  async #beginNext(): Promise<number | null> {
    const { queue, log } = this.#options;
    const most = atOnce - this.#running.size;
    if (most === 0) return 0;
    try {
      const items = await queue.lease({ most, forMs: leaseMs });
      for (const item of items) this.#begin(item);
      return items.length;
    } catch (error) {
      log.error('deliveries cannot be taken', { error: asSallyportError(error).message });
      return null;
    }
  }

  #begin(item: LeasedItem): void {
    const work = this.#work(item).finally(() => {
      this.#running.delete(work);
      this.wake();
    });
    this.#running.add(work);
  }

  /** Never rejects: what cannot be written down is done again when the lease has run out. */
  async #work(item: LeasedItem): Promise<void> {
    const { queue, log } = this.#options;
    try {
      const failure = await this.#attempt(item);
      if (!failure) return await queue.done(item);
      const againInMs = putOffFor(failure);
      if (againInMs !== null) return await queue.putOff(item, failure.message, againInMs);
      const retryInMs = retryIn(failure, item.attempts);
      const { id, kind } = item;
      log.error('a delivery failed', { id, kind, error: failure.message, retryInMs });
      await queue.failed(item, failure.message, retryInMs);
    } catch (error) {
      const { message } = asSallyportError(error);
      log.error('the outcome of a delivery was not written down', { id: item.id, error: message });
    }
  }

  async #attempt(item: LeasedItem): Promise<ReturnType<typeof asSallyportError> | null> {
    if (item.attempts > maxBeginnings) {
      return asSallyportError(new Error(`begun ${maxBeginnings} times and never ended`));
    }
    const ended = new AbortController();
    const renewed = this.#renew(item, ended.signal);
    try {
      await this.#options.act(item);
      return null;
    } catch (error) {
      return asSallyportError(error);
    } finally {
      ended.abort();
      await renewed;
    }
  }

  async #renew(item: LeasedItem, signal: AbortSignal): Promise<void> {
    const { queue, clock, log } = this.#options;
    while (!signal.aborted) {
      try {
        await clock.sleep(leaseMs / 3, signal);
        await queue.renew(item, leaseMs);
      } catch (error) {
        if (!signal.aborted) log.warn('a lease was not renewed', { error: String(error) });
      }
    }
  }

  async #rest(isTroubled: boolean): Promise<void> {
    if (!this.#isWoken) {
      if (this.#isResting()) this.#tellResting();
      this.#nap = new AbortController();
      const ms = isTroubled ? troubledPollMs : pollMs;
      await this.#options.clock.sleep(ms, this.#nap.signal).catch(() => {});
      this.#nap = null;
    }
    this.#isWoken = false;
  }

  #isResting(): boolean {
    return this.#running.size === 0 && !this.#isWoken;
  }

  #tellResting(): void {
    for (const tell of this.#whenResting.splice(0)) tell();
  }
}
