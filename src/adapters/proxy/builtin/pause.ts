import { heldTooLong, type Refusal } from './refusal.ts';
import type { Wait } from './traffic.ts';

/** So many requests may wait on one route; each is a connection and some memory. */
const most = 1_000;

/** Holds requests until it ends, each of them for a time at the most. */
export class Pause {
  readonly #route: string;
  readonly #holdMs: number;
  readonly #held = new Set<() => void>();

  constructor(route: string, holdMs: number) {
    this.#route = route;
    this.#holdMs = holdMs;
  }

  /** Holds one more, or says why not. */
  hold(): Wait | { readonly kind: 'refuse'; readonly refusal: Refusal } {
    if (this.#held.size >= most) return { kind: 'refuse', refusal: heldTooLong(this.#route) };
    const { promise, resolve } = Promise.withResolvers<Refusal | null>();
    const leave = () => {
      clearTimeout(timer);
      this.#held.delete(goOn);
    };
    const goOn = () => {
      leave();
      resolve(null);
    };
    const timer = setTimeout(() => {
      leave();
      resolve(heldTooLong(this.#route));
    }, this.#holdMs);
    this.#held.add(goOn);
    return { kind: 'wait', over: promise, leave };
  }

  /** Lets all of them go on, in the order in which they came. */
  end(): void {
    for (const goOn of this.#held) goOn();
  }
}
