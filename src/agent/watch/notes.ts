import type { Log } from '../../ports/log.ts';
import type { WatchedEnvironment } from './world.ts';

interface NoteFacts {
  readonly code?: string | undefined;
  readonly hint?: string | undefined;
}

/** What people see of each environment that is watched; what is waited for is logged once. */
export class WatchNotes {
  readonly #log: Log;
  readonly #shown: Map<string, WatchedEnvironment>;
  readonly #waiting = new Set<string>();

  constructor(environments: readonly string[], log: Log) {
    this.#log = log;
    const nothing = { head: null, floor: null, note: null };
    this.#shown = new Map(environments.map((name) => [name, { name, ...nothing }]));
  }

  view(): readonly WatchedEnvironment[] {
    return [...this.#shown.values()];
  }

  show(name: string, facts: Partial<WatchedEnvironment>): void {
    this.#shown.set(name, { ...this.#shown.get(name)!, ...facts });
  }

  /** Something was done; it stays to be seen. */
  did(environment: string, note: string): void {
    this.#waiting.delete(environment);
    this.show(environment, { note });
    this.#log.info('the watcher went ahead', { environment, note });
  }

  /** Something is waited for: on a person's word (`info`), or until somebody mends it (`warn`). */
  waits(environment: string, note: string, level: 'info' | 'warn', facts: NoteFacts = {}): void {
    const isNews = !this.#waiting.has(environment) || this.#shown.get(environment)!.note !== note;
    this.#waiting.add(environment);
    this.show(environment, { note });
    if (isNews) this.#log[level]('the watcher waits', { environment, note, ...facts });
  }

  /** There is nothing new, and nothing is waited for any more. */
  settle(environment: string): void {
    if (this.#waiting.delete(environment)) this.show(environment, { note: null });
  }
}
