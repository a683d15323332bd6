import type { Clock } from '../../src/ports/clock.ts';
import { seededRandom } from './random.ts';

interface Sleeper {
  readonly at: number;
  readonly tie: number;
  wake(): void;
  fail(reason: unknown): void;
}

/**
 * Time that only passes when nobody has anything left to do. Alone, a `sleep` moves the
 * time on and returns at once. Inside `run`, each task may have one sleep at a time, and
 * whoever wakes first goes on when all the others sleep too: one seed, one schedule.
 */
export class VirtualClock implements Clock {
  readonly random: () => number;
  #now: number;
  #live = 0;
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
    const ends = tasks.map(async (task) => {
      try {
        return await task();
      } finally {
        this.#live -= 1;
        this.#wakeNext();
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
        wake: () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        },
        fail: reject,
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#sleepers.push(sleeper);
      this.#wakeNext();
    });
  }

  #wakeNext(): void {
    if (this.#live === 0 || this.#sleepers.length < this.#live) return;
    const next = this.#sleepers.reduce((a, b) => (isBefore(b, a) ? b : a));
    this.#sleepers = this.#sleepers.filter((other) => other !== next);
    if (next.at > this.#limit) return next.fail(new Error('the schedule ran out of time'));
    this.#now = Math.max(this.#now, next.at);
    next.wake();
  }
}

function isBefore(a: Sleeper, b: Sleeper): boolean {
  return a.at < b.at || (a.at === b.at && a.tie < b.tie);
}
