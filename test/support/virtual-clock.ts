import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../../src/ports/clock.ts';
import { seededRandom } from './random.ts';

interface Sleeper {
  readonly at: number;
  readonly tie: number;
  readonly task: number | undefined;
  wake(): void;
  fail(reason: unknown): void;
}

/**
 * Time that only passes when nobody has anything left to do. Alone, a `sleep` moves the
 * time on and returns at once. Inside `run`, time stands still until every task sleeps; then
 * whoever wakes first goes on: one seed, one schedule.
 */
export class VirtualClock implements Clock {
  readonly random: () => number;
  #now: number;
  readonly #task = new AsyncLocalStorage<number>();
  #live = 0;
  #waking = false;
  #limit = Infinity;
  #sleepers: Sleeper[] = [];

  constructor(seed = 1, start = Date.UTC(2026, 0, 1)) {
    this.random = seededRandom(seed);
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  advance(ms: number): void {
    this.#now += ms;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    if (this.#live > 0) return this.#queue(ms, signal);
    this.#now += ms;
    return Promise.resolve();
  }

  /**
   * Runs the tasks side by side until all have ended; gives their results as `Promise.allSettled`.
   * After `limitMs` of this clock's time every sleep is refused, so a schedule always ends.
   */
  async run<Result>(
    tasks: readonly (() => Promise<Result>)[],
    limitMs = Infinity,
  ): Promise<PromiseSettledResult<Result>[]> {
    this.#live = tasks.length;
    this.#limit = this.#now + limitMs;
    const ends = tasks.map(async (task, number) => {
      try {
        return await this.#task.run(number, task);
      } finally {
        this.#live -= 1;
        this.#wakeSoon();
      }
    });
    return await Promise.allSettled(ends);
  }

  /** The same time as a machine shows it whose clock is wrong by `ms`. */
  skewedBy(ms: number): Clock {
    return {
      now: () => this.#now + ms,
      sleep: (time, signal) => this.sleep(time, signal),
      random: this.random,
    };
  }

  #queue(ms: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal?.reason as Error);
      };
      const sleeper: Sleeper = {
        at: this.#now + ms,
        tie: this.random(),
        task: this.#task.getStore(),
        wake: () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        },
        fail: reject,
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#sleepers.push(sleeper);
      this.#wakeSoon();
    });
  }

  /** After everything that can go on without time has gone on. */
  #wakeSoon(): void {
    if (this.#waking) return;
    this.#waking = true;
    setImmediate(() => {
      this.#waking = false;
      this.#wakeNext();
    });
  }

  #wakeNext(): void {
    const asleep = new Set(this.#sleepers.map(({ task }) => task));
    if (this.#sleepers.length === 0 || asleep.size < this.#live) return;
    const next = this.#sleepers.reduce((a, b) => (isBefore(b, a) ? b : a));
    this.#sleepers = this.#sleepers.filter((other) => other !== next);
    this.#wakeSoon();
    if (next.at > this.#limit) return next.fail(new Error('the schedule ran out of time'));
    this.#now = Math.max(this.#now, next.at);
    next.wake();
  }
}

function isBefore(a: Sleeper, b: Sleeper): boolean {
  return a.at < b.at || (a.at === b.at && a.tie < b.tie);
}
