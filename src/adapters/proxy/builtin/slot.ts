import { Pool } from 'undici';
import { dialOptions, upstreamText, type Upstream } from '../../../model/upstream.ts';
import { SlotCounts } from './slot-counts.ts';

export interface SlotTimes {
  /** How long a slot may take to accept a connection, in ms. */
  readonly connectMs: number;
  /** How long it may think before the first byte of its answer, in ms. Bodies may take for ever. */
  readonly answerMs: number;
}

export const defaultTimes: SlotTimes = { connectMs: 5_000, answerMs: 120_000 };

/** One upstream that has, or had, a route's traffic: its connections, and what is under way on them. */
export class Slot {
  readonly name: string;
  readonly upstream: Upstream;
  readonly pool: Pool;
  readonly counts: SlotCounts;
  #isRetired = false;
  readonly #underWay = new Set<() => void>();
  readonly #waiting = new Set<() => void>();

  constructor(name: string, upstream: Upstream, times: SlotTimes, counts = new SlotCounts()) {
    this.name = name;
    this.counts = counts;
    this.upstream = upstream;
    const dial = dialOptions(upstream);
    const at = 'host' in dial ? upstreamText(upstream) : 'localhost';
    this.pool = new Pool(`http://${at}`, {
      connections: null,
      pipelining: 1,
      connect: { timeout: times.connectMs, ...('host' in dial ? {} : dial) },
      headersTimeout: times.answerMs,
      bodyTimeout: 0,
    });
  }

  get isRetired(): boolean {
    return this.#isRetired;
  }

  /** Requests and WebSockets under way. */
  get active(): number {
    return this.#underWay.size;
  }

  /** Counts one in; `close` must cut it off. Call what it gives when it is over. */
  begin(close: () => void): () => void {
    this.#underWay.add(close);
    return () => {
      this.#underWay.delete(close);
      if (this.#underWay.size > 0) return;
      for (const wake of this.#waiting) wake();
      this.#waiting.clear();
    };
  }

  /** Resolves as soon as nothing is under way. */
  async idle(): Promise<void> {
    if (this.#underWay.size === 0) return;
    await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  /** Takes no new requests; those under way finish, then the connections close. */
  retire(): void {
    this.#isRetired = true;
    void this.pool.close().catch(() => {});
  }

  /** Cuts off what is under way, and gives how many that were. */
  cut(): number {
    const all = [...this.#underWay];
    for (const close of all) close();
    return all.length;
  }
}
