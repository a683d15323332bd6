import type { GateDecision } from '../policy/gate.ts';

/** A unit of this host that waits before a gate. */
export interface Wait {
  readonly deployment: number;
  readonly gate: GateDecision;
}

/** What waits, by environment; for status, and to know when to look again. */
export class Waits {
  readonly #waits = new Map<string, Wait>();

  of(environment: string): Wait | null {
    return this.#waits.get(environment) ?? null;
  }

  set(environment: string, wait: Wait | null): void {
    if (wait) this.#waits.set(environment, wait);
    else this.#waits.delete(environment);
  }

  /** In how many ms the next gate opens by itself; `Infinity` where none does. */
  opensIn(now: number): number {
    const times = [...this.#waits.values()].flatMap(({ gate }) => gate.opensAt ?? []);
    return Math.min(...times.filter((at) => at > now)) - now;
  }
}
