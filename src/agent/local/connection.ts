import { asSallyportError } from '../../model/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Ledger } from '../../ports/ledger.ts';

/** Whether the other side answers, and since when. Times in ms since 1970. */
export interface ConnectionView {
  readonly connected: boolean;
  /** Since when it does, or does not; `null` before the first answer. */
  readonly since: number | null;
  readonly lastAnswer: number | null;
  /** Why not, in words. */
  readonly problem: string | null;
}

/** Keeps whether the other side answers, as whoever asks it finds out. */
export class Connection {
  readonly #clock: Clock;
  #view: ConnectionView = { connected: false, since: null, lastAnswer: null, problem: null };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  view(): ConnectionView {
    return this.#view;
  }

  /** The ledger, watched while it is read. */
  observe(ledger: Ledger): Ledger {
    return {
      jobs: (older, signal) => this.note(ledger.jobs(older, signal), signal),
      // One deployment that somebody deleted says nothing of the connection.
      records: (deployment, signal) => ledger.records(deployment, signal),
      publish: (job, signal) => ledger.publish(job, signal),
      append: (record, signal) => ledger.append(record, signal),
      show: (deployment, state, description, signal) =>
        ledger.show(deployment, state, description, signal),
    };
  }

  /** Takes the outcome of a question into account, and gives it on. */
  async note<Answer>(asked: Promise<Answer>, signal?: AbortSignal): Promise<Answer> {
    try {
      const answer = await asked;
      this.#turn(true, null);
      return answer;
    } catch (error) {
      if (!signal?.aborted) this.#turn(false, asSallyportError(error).message);
      throw error;
    }
  }

  #turn(connected: boolean, problem: string | null): void {
    const now = this.#clock.now();
    const { since, lastAnswer, connected: before } = this.#view;
    const isSame = since !== null && before === connected;
    this.#view = {
      connected,
      since: isSame ? since : now,
      lastAnswer: connected ? now : lastAnswer,
      problem,
    };
  }
}
