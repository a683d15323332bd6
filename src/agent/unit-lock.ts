import type { Work } from '../deploy/journal-entries.ts';
import { unitKey } from '../model/unit.ts';

/** One at a time for each target on this host: a step of a deployment, or a look between deployments. */
export class UnitLock {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Begins when whoever is at work on it has ended. Rejects as the work does. */
  async hold<Result>(work: Work, act: () => Promise<Result>): Promise<Result> {
    const key = keyOf(work);
    const held = (this.#last.get(key) ?? Promise.resolve()).then(act);
    const ended = held
      .catch(() => undefined)
      .then(() => {
        if (this.#last.get(key) === ended) this.#last.delete(key);
      });
    this.#last.set(key, ended);
    return await held;
  }

  isHeld(work: Work): boolean {
    return this.#last.has(keyOf(work));
  }
}

/** Of a target on this host, whatever was deployed to it. */
export function keyOf(work: Work): string {
  return `${work.job.environment} ${unitKey(work)}`;
}
