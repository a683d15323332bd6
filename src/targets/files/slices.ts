import { setImmediate as breathe } from 'node:timers/promises';

/** How long others wait at most, about. */
const sliceMs = 10;

/** Lets others go on now and then during long work that never waits by itself. */
export class Slices {
  #ends = performance.now() + sliceMs;

  /** Whether it is time to `pause`; asked first, since waiting for nothing costs something too. */
  get isOver(): boolean {
    return performance.now() > this.#ends;
  }

  /** Rejects with the signal's reason once it is aborted. */
  async pause(signal?: AbortSignal): Promise<void> {
    await breathe();
    signal?.throwIfAborted();
    this.#ends = performance.now() + sliceMs;
  }
}
