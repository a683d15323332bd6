import type { UnitPlan } from '../report/views.ts';
import { Surfaces } from './surfaces.ts';

/**
 * Keeps the answers to commands up to date, one write at a time for each deployment: of many
 * statuses in a row only the last is written, and never an older one over a newer.
 */
export class FollowUps {
  readonly surfaces = new Surfaces();
  readonly #running = new Map<number, Promise<void>>();
  readonly #waiting = new Map<number, Promise<void>>();
  readonly #plans = new Map<string, UnitPlan>();
  readonly #shown = new Map<number, string>();

  /** Runs the task, after the one under way; joins one that waits already and will see the same. */
  run(deployment: number, task: () => Promise<void>): Promise<void> {
    const waiting = this.#waiting.get(deployment);
    if (waiting) return waiting;
    const running = this.#running.get(deployment);
    if (!running) return this.#start(deployment, task);
    const next = running
      .catch(() => {})
      .then(() => {
        this.#waiting.delete(deployment);
        return this.#start(deployment, task);
      });
    this.#waiting.set(deployment, next);
    return next;
  }

  /** Keeps a plan that was read, by what the host signed of it. */
  keepPlan(key: string, plan: UnitPlan): void {
    remember(this.#plans, key, plan);
  }

  planOf(key: string): UnitPlan | undefined {
    return this.#plans.get(key);
  }

  /** Whether the comment does not say this already. */
  isNews(comment: number, body: string): boolean {
    if (this.#shown.get(comment) === body) return false;
    remember(this.#shown, comment, body);
    return true;
  }

  #start(deployment: number, task: () => Promise<void>): Promise<void> {
    const run = task().finally(() => {
      if (this.#running.get(deployment) === run) this.#running.delete(deployment);
    });
    this.#running.set(deployment, run);
    return run;
  }
}

/** The oldest of more than these are forgotten; they are written once more at worst. */
const capacity = 500;

function remember<Key, Value>(memory: Map<Key, Value>, key: Key, value: Value): void {
  memory.delete(key);
  memory.set(key, value);
  const [oldest] = memory.keys();
  if (memory.size > capacity && oldest !== undefined) memory.delete(oldest);
}
