import { SallyportError } from '../../src/model/errors.ts';
import type {
  JobEntry,
  JobPage,
  JobWrite,
  Ledger,
  RecordEntry,
  RecordPage,
  RecordWrite,
} from '../../src/ports/ledger.ts';
import { VirtualClock } from './virtual-clock.ts';

/** How unkind the ledger is. Chances are in [0, 1]; all zero is a kind one. */
export interface MemoryFaults {
  /** A read shows the ledger as it was up to this long ago, drawn anew at each read: time goes back and forth. */
  readonly staleMs: number;
  /** An entry can be seen up to this long after it was written, so a lower id may appear after a higher one. */
  readonly hiddenMs: number;
  /** Chance that a write makes two entries. */
  readonly duplicated: number;
  /** Chance that a write lands and its answer is lost. */
  readonly timedOut: number;
  /** Chance that a call does nothing but fail. */
  readonly refused: number;
  /** How long a call is under way at most, half of it before it takes effect. */
  readonly latencyMs: number;
}

export const noFaults: MemoryFaults = {
  staleMs: 0,
  hiddenMs: 0,
  duplicated: 0,
  timedOut: 0,
  refused: 0,
  latencyMs: 0,
};

export interface MemoryWorld {
  /** The ledger's own clock; give others `clock.skewedBy(ms)`. */
  readonly clock: VirtualClock;
  /** May be replaced at any time. */
  faults: MemoryFaults;
  /** A ledger as one process sees it. */
  connect(): Ledger;
  /** Everything that was written, as nobody may see it yet. */
  readonly jobs: readonly JobEntry[];
  readonly records: readonly RecordEntry[];
  /** Somebody deletes a deployment, records and all. */
  remove(deployment: number): void;
}

interface Stored<Entry> {
  readonly entry: Entry;
  readonly visibleAt: number;
}

/** A ledger in memory for any number of processes, whose faults and times one seed fixes. */
export function createMemoryWorld(seed: number, faults: Partial<MemoryFaults> = {}): MemoryWorld {
  return new World(new VirtualClock(seed), { ...noFaults, ...faults });
}

class World implements MemoryWorld {
  readonly clock: VirtualClock;
  faults: MemoryFaults;
  storedJobs: Stored<JobEntry>[] = [];
  storedRecords: Stored<RecordEntry>[] = [];
  #deployments = 0;
  #records = 0;

  constructor(clock: VirtualClock, faults: MemoryFaults) {
    this.clock = clock;
    this.faults = faults;
  }

  connect(): Ledger {
    return new MemoryLedger(this);
  }

  get jobs(): readonly JobEntry[] {
    return this.storedJobs.map(({ entry }) => entry);
  }

  get records(): readonly RecordEntry[] {
    return this.storedRecords.map(({ entry }) => entry);
  }

  remove(deployment: number): void {
    this.storedJobs = this.storedJobs.filter(({ entry }) => entry.deployment !== deployment);
    this.storedRecords = this.storedRecords.filter(({ entry }) => entry.deployment !== deployment);
  }

  addJob(token: string): JobEntry {
    this.#deployments += 1;
    const entry = { deployment: this.#deployments, token, at: this.clock.now() };
    this.storedJobs.push({ entry, visibleAt: this.#visibleAt() });
    return entry;
  }

  addRecord(deployment: number, token: string, words = ''): RecordEntry {
    this.#records += 1;
    const entry = { id: this.#records, deployment, token, words, at: this.clock.now() };
    this.storedRecords.push({ entry, visibleAt: this.#visibleAt() });
    return entry;
  }

  /** One look at the ledger: what of the stored can be seen in it. */
  look<Entry>(stored: readonly Stored<Entry>[]): Entry[] {
    const time = this.clock.now() - this.draw(this.faults.staleMs);
    return stored.filter(({ visibleAt }) => visibleAt <= time).map(({ entry }) => entry);
  }

  async travel(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (this.faults.latencyMs > 0)
      await this.clock.sleep(this.draw(this.faults.latencyMs / 2), signal);
  }

  happens(chance: number): boolean {
    return chance > 0 && this.clock.random() < chance;
  }

  draw(max: number): number {
    return max > 0 ? Math.floor(this.clock.random() * (max + 1)) : 0;
  }

  #visibleAt(): number {
    return this.clock.now() + this.draw(this.faults.hiddenMs);
  }
}

const pageSize = 100;

class MemoryLedger implements Ledger {
  readonly #world: World;
  /** What was answered last, by page: for `unchanged`. */
  readonly #answered = new Map<string, string>();

  constructor(world: World) {
    this.#world = world;
  }

  jobs(older?: string, signal?: AbortSignal): Promise<JobPage> {
    return this.#call(signal, () => {
      const below = older === undefined ? Infinity : Number(older);
      const visible = this.#world
        .look(this.#world.storedJobs)
        .filter(({ deployment }) => deployment < below)
        .toSorted((a, b) => b.deployment - a.deployment);
      const jobs = visible.slice(0, pageSize);
      const last = jobs.at(-1);
      return {
        jobs,
        ...(visible.length > pageSize && last ? { older: String(last.deployment) } : {}),
        now: this.#world.clock.now(),
        unchanged: this.#isUnchanged(
          `jobs ${older ?? ''}`,
          jobs.map((job) => job.deployment),
        ),
      };
    });
  }

  records(deployment: number, signal?: AbortSignal): Promise<RecordPage> {
    return this.#call(signal, () => {
      const records = this.#recordsOf(deployment);
      return {
        records,
        now: this.#world.clock.now(),
        unchanged: this.#isUnchanged(
          `records ${deployment}`,
          records.map(({ id }) => id),
        ),
      };
    });
  }

  publish(job: JobWrite, signal?: AbortSignal): Promise<JobEntry> {
    return this.#write(
      signal,
      () => this.#world.addJob(job.token),
      () => this.#world.look(this.#world.storedJobs).find((seen) => seen.token === job.token),
    );
  }

  append(record: RecordWrite, signal?: AbortSignal): Promise<RecordEntry> {
    const { deployment, token, description } = record;
    return this.#write(
      signal,
      () => this.#world.addRecord(deployment, token, description),
      () => this.#recordsOf(deployment).find((seen) => seen.token === token),
    );
  }

  show(): Promise<void> {
    return Promise.resolve();
  }

  #write<Entry>(
    signal: AbortSignal | undefined,
    add: () => Entry,
    find: () => Entry | undefined,
  ): Promise<Entry> {
    const { faults } = this.#world;
    return this.#call(signal, () => {
      const entry = find() ?? add();
      if (this.#world.happens(faults.duplicated)) add();
      if (this.#world.happens(faults.timedOut)) throw unreachable('the answer to a write was lost');
      return entry;
    });
  }

  async #call<Answer>(signal: AbortSignal | undefined, act: () => Answer): Promise<Answer> {
    await this.#world.travel(signal);
    if (this.#world.happens(this.#world.faults.refused)) throw unreachable('the call was refused');
    const answer = act();
    await this.#world.travel(signal);
    return answer;
  }

  #recordsOf(deployment: number): RecordEntry[] {
    const ofIt = this.#world.storedRecords.filter(({ entry }) => entry.deployment === deployment);
    return this.#world.look(ofIt).toSorted((a, b) => a.id - b.id);
  }

  #isUnchanged(page: string, ids: readonly number[]): boolean {
    const answer = ids.join(' ');
    const before = this.#answered.get(page);
    this.#answered.set(page, answer);
    return before === answer;
  }
}

function unreachable(message: string): SallyportError {
  return new SallyportError({ code: 'ledger_unreachable', message, next: 'retry' });
}
