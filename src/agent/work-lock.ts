/** One thing at a time: whoever comes later waits until what is under way has ended. */
export class WorkLock {
  #last: Promise<unknown> = Promise.resolve();

  /** Rejects as the work does, and without having begun where aborted while it waited. */
  hold<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    const held = this.#last.then(() => {
      signal.throwIfAborted();
      return work();
    });
    this.#last = held.catch(() => undefined);
    return held;
  }
}
