import type { Trust } from '../deploy/admit.ts';
import { LedgerReader, type Reading } from '../deploy/reader.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger, RecordEntry } from '../ports/ledger.ts';

export interface SourceWorld {
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** Whose jobs count. Asked for until it is known, since it may need the network. */
  readonly trust: (signal?: AbortSignal) => Promise<Trust>;
  /** What it said before this start; counts until it answers. */
  readonly remembered?: Reading | null;
}

/** How many deployments of an environment an agent can tell of. */
const history = 10;

/** The agent's one view of the ledger, shared by its loops: one read at a time, the last one kept. */
export class LedgerSource {
  readonly #world: SourceWorld;
  #reader: LedgerReader | null = null;
  #last: Reading | null;
  #hasAnswered = false;
  /** The ledger's clock minus this machine's. */
  #ahead = 0;
  #reading: Promise<unknown> = Promise.resolve();

  constructor(world: SourceWorld) {
    this.#world = world;
    this.#last = world.remembered ?? null;
  }

  /** Whether what is known was read since this start. */
  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  /** `null` before the first read that succeeded. */
  get last(): Reading | null {
    return this.#last;
  }

  /** The ledger's time, in ms since 1970; this machine's own before the ledger has ever answered. */
  now(): number {
    return this.#world.clock.now() + this.#ahead;
  }

  /** Rejects as the ledger does. */
  refresh(signal?: AbortSignal): Promise<Reading> {
    const read = this.#reading.then(() => this.#refresh(signal));
    this.#reading = read.catch(() => undefined);
    return read;
  }

  /** Takes in what this agent itself has just written. */
  note(entry: RecordEntry): void {
    this.#reader?.note(entry);
  }

  /** Shows what was noted at once: while a unit runs, nobody asks the ledger. */
  async showNoted(): Promise<void> {
    const shown = this.#reading.then(async () => {
      this.#last = (await this.#reader?.refold()) ?? this.#last;
    });
    this.#reading = shown.catch(() => undefined);
    await shown;
  }

  async #refresh(signal?: AbortSignal): Promise<Reading> {
    const { ledger, clock, trust } = this.#world;
    this.#reader ??= new LedgerReader(ledger, await trust(signal), { history });
    const reading = await this.#reader.refresh(signal);
    this.#ahead = reading.now - clock.now();
    this.#last = reading;
    this.#hasAnswered = true;
    return reading;
  }
}
