import type { Reading } from '../deploy/reader.ts';
import { asSallyportError } from '../model/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { jittered, pauseAfter, type Pace } from './backoff.ts';
import { Bell } from './bell.ts';
import { pollPerHostMs } from '../deploy/silent-hosts.ts';
import type { LedgerSource } from './ledger-source.ts';
import type { Pulse } from './watchdog.ts';

export interface PollWorld {
  readonly source: LedgerSource;
  readonly clock: Clock;
  readonly log: Log;
  readonly pace: Pace;
}

/** The longest that a ledger may take to answer, in ms: each of its requests has a limit of its own. */
const longestReadMs = 600_000;

/** Asks the ledger, again and again, what there is to do. */
export class Poll {
  readonly #world: PollWorld;
  readonly #bell: Bell;
  #failures = 0;
  #pulse: Pulse = { turn: 0, atMostMs: Infinity };

  constructor(world: PollWorld) {
    this.#world = world;
    this.#bell = new Bell(world.clock);
  }

  /** What the loop that polls is at; between an answer and the next pause it works, which may take any time. */
  get pulse(): Pulse {
    return this.#pulse;
  }

  /** Asks at once until there is an answer, with longer and longer pauses. Rejects only when aborted. */
  async read(signal: AbortSignal): Promise<Reading> {
    const { source, clock, log, pace } = this.#world;
    for (;;) {
      this.#begin(longestReadMs);
      try {
        const reading = await source.refresh(signal);
        this.#begin(Infinity);
        if (this.#failures > 0) log.info('the ledger answers again', { failures: this.#failures });
        this.#failures = 0;
        return reading;
      } catch (error) {
        signal.throwIfAborted();
        this.#failures += 1;
        const pause = pauseAfter(this.#failures, error, pace, clock.random());
        const { code, message } = asSallyportError(error);
        log.warn('the ledger could not be read', { code, message, pause_ms: pause });
        this.#begin(pause);
        await clock.sleep(pause, signal);
      }
    }
  }

  /** Waits until it is time to ask again, at most so many ms, or until woken. */
  async pause(signal: AbortSignal, atMostMs = Infinity): Promise<void> {
    const { clock, pace, source } = this.#world;
    const interval = Math.max(pace.intervalMs, shortestFor(source.last));
    const ms = Math.min(jittered(interval, clock.random()), Math.max(0, atMostMs));
    this.#begin(ms);
    await this.#bell.wait(ms, signal);
    this.#begin(Infinity);
  }

  wake(): void {
    this.#bell.ring();
  }

  #begin(atMostMs: number): void {
    this.#pulse = { turn: this.#pulse.turn + 1, atMostMs };
  }
}

/** Several hosts share what GitHub grants: the more there are, the less often each of them asks. */
function shortestFor(reading: Reading | null): number {
  const views = [...(reading?.environments.values() ?? [])];
  const hosts = Math.max(0, ...views.map(({ desired }) => desired?.job.roster.length ?? 0));
  return hosts < 2 ? 0 : hosts * pollPerHostMs;
}
