import type { Clock } from '../../ports/clock.ts';

/** As many writes at once as `burst`, then one every `everyMs`. */
export interface Pace {
  readonly burst: number;
  readonly everyMs: number;
}

/**
 * Paces writes per installation, in the shape that Octokit's throttling plugin takes in place
 * of its own limiters. Those space every write by a second and every comment by three, so that
 * an answer, a reaction and a job take 5 s. GitHub asks for a second between writes but takes
 * a handful at once; where it does not, the plugin still waits as `Retry-After` says.
 */
export class BurstLimiter {
  readonly #pace: Pace;
  readonly #clock: Clock;
  /** For each key the time at which its burst will be whole again. */
  readonly #wholeAt = new Map<string, number>();

  constructor(pace: Pace, clock: Clock) {
    this.#pace = pace;
    this.#clock = clock;
  }

  key(id: string): { schedule: <T>(options: unknown, task: () => Promise<T>) => Promise<T> } {
    return {
      schedule: async (_options, task) => {
        await this.#take(id);
        return task();
      },
    };
  }

  async #take(id: string): Promise<void> {
    const { burst, everyMs } = this.#pace;
    const now = this.#clock.now();
    const wholeAt = Math.max(this.#wholeAt.get(id) ?? 0, now) + everyMs;
    this.#wholeAt.set(id, wholeAt);
    const wait = wholeAt - now - burst * everyMs;
    if (wait > 0) await this.#clock.sleep(wait);
  }
}
