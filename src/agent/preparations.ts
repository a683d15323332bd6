import { unitKey } from '../model/unit.ts';
import type { Work } from '../deploy/journal-entries.ts';
import type { Prepared } from './run.ts';

type Unit = Pick<Work, 'target' | 'host'>;

/** Units that were verified and planned and have not begun: waiting costs nothing more. */
export class Preparations {
  readonly #kept = new Map<string, Prepared>();
  readonly #failures = new Map<string, number>();

  get(deployment: number, unit: Unit): Prepared | null {
    return this.#kept.get(keyOf(deployment, unit)) ?? null;
  }

  keep(prepared: Prepared): void {
    const { work } = prepared;
    this.#kept.set(keyOf(work.deployment, work), prepared);
  }

  /** One more try to prepare it failed; gives how many have. */
  countFailure(deployment: number, unit: Unit): number {
    const key = keyOf(deployment, unit);
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    return failures;
  }

  forget(deployment: number, unit: Unit): void {
    this.#kept.delete(keyOf(deployment, unit));
    this.#failures.delete(keyOf(deployment, unit));
  }

  /** Forgets all but the units of these deployments. */
  keepOnly(deployments: ReadonlySet<number>): void {
    for (const map of [this.#kept, this.#failures]) {
      for (const key of map.keys()) {
        if (!deployments.has(Number.parseInt(key, 10))) map.delete(key);
      }
    }
  }
}

function keyOf(deployment: number, unit: Unit): string {
  return `${deployment} ${unitKey(unit)}`;
}
