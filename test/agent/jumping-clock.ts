import type { Clock } from '../../src/ports/clock.ts';

interface Sleeper {
  readonly at: number;
  wake(): void;
}

/** Time that jumps to whoever wakes first as soon as nothing else is ready to run: tests never wait. */
export class JumpingClock implements Clock {
  #now: number;
  #sleepers: Sleeper[] = [];
  #ticking = false;
  readonly #onJump: (ms: number) => void;

  constructor(now: number, onJump: (ms: number) => void = () => undefined) {
    this.#now = now;
    this.#onJump = onJump;
  }

  now(): number {
    return this.#now;
  }

  random(): number {
    return 0.5;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    return new Promise((resolve, reject) => {
      const sleeper = { at: this.#now + ms, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal.reason as Error);
      });
      this.#tick();
    });
  }

  #tick(): void {
    if (this.#ticking) return;
    this.#ticking = true;
    // Two turns of the event loop: what was promised before goes first.
    setImmediate(() =>
      setImmediate(() => {
        this.#ticking = false;
        const next = this.#sleepers.toSorted((a, b) => a.at - b.at)[0];
        if (!next) return;
        this.#sleepers = this.#sleepers.filter((other) => other !== next);
        this.#onJump(Math.max(0, next.at - this.#now));
        this.#now = Math.max(this.#now, next.at);
        next.wake();
        this.#tick();
      }),
    );
  }
}
