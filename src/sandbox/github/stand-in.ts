import type { World } from './world.ts';

/** The stand-in as a test or `sallyport try` holds it. */
export interface StandIn {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Its memory, for the page, faults, and tests. */
  readonly world: World;
  /** Ends sends under way and connections, and removes the temporary folder. */
  close(): Promise<void>;
}

export function createStandIn(world: World, close: () => Promise<void>): StandIn {
  return { url: world.url, world, close };
}
