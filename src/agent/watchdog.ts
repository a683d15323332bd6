import type { Log } from '../ports/log.ts';

/** What a loop is at. */
export interface Pulse {
  /** Another number, another thing. */
  readonly turn: number;
  /** How long that may take, in ms; infinite for what has limits of its own. */
  readonly atMostMs: number;
}

/** What is known of a loop from looking at it again and again. */
export interface Beat {
  readonly turn: number;
  /** For how long it has been at the same thing. */
  readonly sinceMs: number;
  readonly isStuck: boolean;
}

/** A machine that has much to do is not stuck. */
const slackMs = 60_000;

/** Time is what passed between two looks, not a clock's: clocks jump, and a machine that slept was not stuck. */
export function judgeBeat(before: Beat | null, pulse: Pulse, passedMs: number): Beat {
  const sinceMs = before?.turn === pulse.turn ? before.sinceMs + passedMs : 0;
  return { turn: pulse.turn, sinceMs, isStuck: sinceMs > pulse.atMostMs + slackMs };
}

/** Watches the loops of an agent, which may be stuck while its process lives. */
export class Watchdog {
  readonly #pulses: () => readonly Pulse[];
  readonly #log: Log;
  #beats: readonly Beat[] = [];
  #isWell = true;

  /** `pulses`: what each loop is at now, always in the same order. */
  constructor(pulses: () => readonly Pulse[], log: Log) {
    this.#pulses = pulses;
    this.#log = log;
  }

  /** Looks again, so many ms after the last time. Whether every loop goes on. */
  isWell(passedMs: number): boolean {
    this.#beats = this.#pulses().map((pulse, index) =>
      judgeBeat(this.#beats[index] ?? null, pulse, passedMs),
    );
    const isWell = !this.#beats.some((beat) => beat.isStuck);
    if (this.#isWell && !isWell) this.#log.error('a loop of the agent is stuck');
    this.#isWell = isWell;
    return isWell;
  }
}
