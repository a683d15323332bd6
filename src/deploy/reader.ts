import { asSallyportError, exitCodes } from '../model/errors.ts';
import type { JobEntry, Ledger, RecordEntry } from '../ports/ledger.ts';
import {
  createAdmitter,
  type Admitter,
  type Dropped,
  type EventLog,
  type LoggedJob,
  type Trust,
} from './admit.ts';
import { foldEnvironment, type EnvironmentView } from './fold-environment.ts';
import { nextToLoad, spansOf } from './reading-depth.ts';

export interface Reading {
  readonly log: EventLog;
  /** The ledger's clock, in ms since 1970. */
  readonly now: number;
  /** Whether the log holds anything that the reading before did not. */
  readonly changed: boolean;
  readonly dropped: readonly Dropped[];
  /** Every environment that the log speaks of. */
  readonly environments: ReadonlyMap<string, EnvironmentView>;
}

interface Fold {
  readonly reading: Reading;
  /** All jobs that count, loaded or not. */
  readonly jobs: readonly LoggedJob[];
  /** How many entries were known. */
  readonly size: number;
}

/**
 * How often hosts are listened to on a deployment that is over, where they say of themselves what
 * drifted and who acted there; in ms of the ledger's clock.
 */
const listenEveryMs = 20_000;

/**
 * Reads a ledger over and over and keeps what it saw: an entry that was there once stays, however
 * stale a later answer is. It reads back only as far as the state of each environment needs, and
 * `history` jobs at least; records of a deployment that is over are not asked for again, but for
 * those of the newest one, now and then.
 */
export class LedgerReader {
  readonly #ledger: Ledger;
  readonly #admitter: Admitter;
  readonly #history: number;
  readonly #jobs = new Map<number, JobEntry>();
  readonly #records = new Map<string, RecordEntry>();
  /** Deployments whose records were read at least once. */
  readonly #loaded = new Set<number>();
  /** Deployments whose records need not be asked for again. */
  readonly #closed = new Set<number>();
  /** The newest deployments of each environment that are over, on which hosts speak of themselves. */
  readonly #spoken = new Set<number>();
  /** Of which somebody told that there is something new. */
  readonly #heard = new Set<number>();
  #listenedAt = -Infinity;
  /** The ledger's clock at the last answer. */
  #now = 0;
  #last: Reading | null = null;
  /** How many entries the last reading was made of: one that came while it was made is not in it. */
  #folded = 0;

  constructor(
    ledger: Ledger,
    trust: Trust | Admitter,
    options: { readonly history?: number } = {},
  ) {
    this.#ledger = ledger;
    this.#admitter = 'admit' in trust ? trust : createAdmitter(trust);
    this.#history = options.history ?? 1;
  }

  /** Asks the ledger what is new. Rejects as the ledger does. */
  async refresh(signal?: AbortSignal): Promise<Reading> {
    const isListening = this.#now - this.#listenedAt >= listenEveryMs;
    const open = [...this.#loaded].filter(
      (deployment) =>
        !this.#closed.has(deployment) ||
        this.#heard.has(deployment) ||
        (isListening && this.#spoken.has(deployment)),
    );
    // Both at once: what is already known to be open costs no further round trip.
    const [now] = await Promise.all([this.#readJobs(signal), this.#readRecords(open, signal)]);
    for (const deployment of open) this.#heard.delete(deployment);
    if (isListening) this.#listenedAt = now;
    this.#now = now;
    if (this.#last && this.#size() === this.#folded) return { ...this.#last, now, changed: false };
    for (;;) {
      const fold = await this.#fold(now);
      const { environments } = fold.reading;
      const more = nextToLoad(fold.jobs, this.#loaded, environments, this.#history);
      if (more.length === 0) return this.#show(fold);
      await this.#readRecords(more, signal);
    }
  }

  /** Somebody wrote on a deployment: the next reading asks for its records, be it over or not. */
  hear(deployment: number): void {
    this.#heard.add(deployment);
  }

  /** Takes in what this process itself has just written, which the ledger may not show yet. */
  note(entry: JobEntry | RecordEntry): void {
    if ('id' in entry) this.#keep(entry);
    else {
      this.#keepJob(entry);
      this.#loaded.add(entry.deployment);
    }
  }

  /** Folds in what was noted, without asking the ledger; `null` before it has ever answered. */
  async refold(): Promise<Reading | null> {
    if (!this.#last || this.#size() === this.#folded) return this.#last;
    return this.#show(await this.#fold(this.#now));
  }

  async #readJobs(signal?: AbortSignal): Promise<number> {
    let page = await this.#ledger.jobs(undefined, signal);
    const { now } = page;
    for (;;) {
      const isKnown = page.jobs.some(({ deployment }) => this.#loaded.has(deployment));
      for (const job of page.jobs) this.#keepJob(job);
      if (page.older === undefined || isKnown) return now;
      page = await this.#ledger.jobs(page.older, signal);
    }
  }

  async #readRecords(deployments: readonly number[], signal?: AbortSignal): Promise<void> {
    const lists = await Promise.all(deployments.map((id) => this.#recordsOf(id, signal)));
    for (const record of lists.flat()) this.#keep(record);
    for (const deployment of deployments) this.#loaded.add(deployment);
  }

  /** None for a deployment that somebody deleted: one that is lost must not hide all the others. */
  async #recordsOf(deployment: number, signal?: AbortSignal): Promise<readonly RecordEntry[]> {
    try {
      return (await this.#ledger.records(deployment, signal)).records;
    } catch (error) {
      if (asSallyportError(error).exit === exitCodes.notFound) return [];
      throw error;
    }
  }

  /** Takes in what is known when it begins. */
  async #fold(now: number): Promise<Fold> {
    const size = this.#size();
    const [known, records] = [[...this.#jobs.values()], [...this.#records.values()]];
    const loaded = known.filter(({ deployment }) => this.#loaded.has(deployment));
    const { jobs } = (await this.#admitter.admit(known, [])).log;
    const { log, dropped } = await this.#admitter.admit(loaded, records);
    const environments = new Map<string, EnvironmentView>();
    for (const [name, span] of spansOf(jobs, log.records, this.#loaded)) {
      environments.set(name, foldEnvironment(name, span.log, span.earlier));
    }
    // Anew each time: what looked lost may come to stand when an earlier entry appears.
    this.#closed.clear();
    this.#spoken.clear();
    for (const view of environments.values()) this.#close(view);
    return { reading: { log, now, changed: true, dropped, environments }, jobs, size };
  }

  #show({ reading, size }: Fold): Reading {
    this.#last = reading;
    this.#folded = size;
    return reading;
  }

  #close({ deployments, voided, desired, staged }: EnvironmentView): void {
    if (desired) this.#spoken.add(desired.deployment);
    for (const { view } of staged) this.#spoken.add(view.deployment);
    // Each host speaks on the newest that names it, whatever became of that one.
    const newest = deployments.flatMap(({ deployment, job }) =>
      job.roster.map(({ name }) => [name, deployment] as const),
    );
    for (const deployment of new Map(newest).values()) this.#spoken.add(deployment);
    for (const { deployment, over } of deployments) if (over) this.#closed.add(deployment);
    for (const { deployment } of voided) this.#closed.add(deployment);
  }

  #keepJob(job: JobEntry): void {
    if (!this.#jobs.has(job.deployment)) this.#jobs.set(job.deployment, job);
  }

  #keep(record: RecordEntry): void {
    const key = `${record.deployment} ${record.id}`;
    if (!this.#records.has(key)) this.#records.set(key, record);
  }

  #size(): number {
    return this.#jobs.size + this.#records.size;
  }
}
