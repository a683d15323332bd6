import type { Hooks } from './hooks.ts';
import type { RateLimits } from './http/rate-limit.ts';
import type { State } from './state/types.ts';

/** Everything that a route or an act needs: the memory, the time, and where the server is reached. */
export interface World {
  readonly state: State;
  readonly hooks: Hooks;
  readonly limits: RateLimits;
  /** Folder with the bare repositories. */
  readonly directory: string;
  /** `http://127.0.0.1:PORT`, known once the server listens. */
  url: string;
  now(): number;
  /** Webhooks under way; `waitForDeliveries` and `close` wait for them. */
  readonly underWay: Set<Promise<void>>;
  /** Aborted when the stand-in closes. */
  readonly closing: AbortSignal;
  /** Runs changes of refs one after the other, so that each is seen and told exactly once. */
  inTurn<T>(change: () => Promise<T>): Promise<T>;
}

/** A queue of one at a time; a failed change does not stop the next. */
export function createTurns(): World['inTurn'] {
  let last: Promise<unknown> = Promise.resolve();
  return (change) => {
    const mine = last.then(change, change);
    last = mine.catch(() => undefined);
    return mine;
  };
}
