import { z } from 'zod';
import type { Trust } from '../../deploy/admit.ts';
import { LedgerReader, type Reading } from '../../deploy/reader.ts';
import { asSallyportError } from '../../model/errors.ts';
import type { Journal } from '../../ports/journal.ts';
import type { JobEntry, Ledger, RecordEntry } from '../../ports/ledger.ts';
import type { Log } from '../../ports/log.ts';

const Job = z.object({ deployment: z.int().min(1), token: z.string(), at: z.number() });
const Record = Job.extend({ id: z.int().min(1), words: z.string() });
const About = z.object({
  id: z.int().nullable(),
  branch: z.string().min(1).max(255).nullable(),
});
/** GitHub's number of the repository, and its default branch; `null` before the first answer. */
type About = z.infer<typeof About>;

/** What was seen of GitHub. Entries are as GitHub gave them: their signatures are held against keys again. */
export const Remembered = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('repository'), ...About.shape }),
  z.object({ kind: z.literal('entries'), jobs: z.array(Job), records: z.array(Record) }),
]);
export type Remembered = z.infer<typeof Remembered>;

/** How many deployments of an environment are known again after a start. */
const history = 10;

/** Keeps on the disk what GitHub's ledger said, so that a start without the network knows it too. */
export class LedgerMemory {
  readonly #journal: Journal<Remembered>;
  readonly #log: Pick<Log, 'warn'>;
  readonly #jobs = new Map<number, JobEntry>();
  readonly #records = new Map<string, RecordEntry>();
  #about: About = { id: null, branch: null };
  #unsaved: { jobs: JobEntry[]; records: RecordEntry[] } = { jobs: [], records: [] };
  #saving: Promise<void> | null = null;

  constructor(journal: Journal<Remembered>, log: Pick<Log, 'warn'>) {
    this.#journal = journal;
    this.#log = log;
    for (const { body } of journal.entries()) {
      if (body.kind === 'repository') this.#about = { id: body.id, branch: body.branch };
      else this.#add(body);
    }
  }

  /** As GitHub said last. */
  get about(): About {
    return this.#about;
  }

  /** When GitHub took the last that is known, in ms since 1970; 0 where nothing is. */
  get newest(): number {
    const times = [...this.#jobs.values(), ...this.#records.values()].map(({ at }) => at);
    return times.reduce((a, b) => Math.max(a, b), 0);
  }

  /** Rejects never: what cannot be kept is asked for again after the next start. */
  async keepAbout(news: Partial<About>): Promise<void> {
    const { id, branch } = { ...this.#about, ...news };
    if (id === this.#about.id && branch === this.#about.branch) return;
    this.#about = { id, branch };
    await this.#write({ kind: 'repository', id, branch });
  }

  /** The ledger, listened to. */
  observe(ledger: Ledger): Ledger {
    return {
      jobs: async (older, signal) => {
        const page = await ledger.jobs(older, signal);
        this.#keep({ jobs: page.jobs, records: [] });
        return page;
      },
      records: async (deployment, signal) => {
        const page = await ledger.records(deployment, signal);
        this.#keep({ jobs: [], records: page.records });
        return page;
      },
      publish: async (job, signal) => {
        const entry = await ledger.publish(job, signal);
        this.#keep({ jobs: [entry], records: [] });
        return entry;
      },
      append: async (record, signal) => {
        const entry = await ledger.append(record, signal);
        this.#keep({ jobs: [], records: [entry] });
        return entry;
      },
      show: (deployment, state, description, signal) =>
        ledger.show(deployment, state, description, signal),
    };
  }

  /** What is known, as it would be read; `null` for nothing. */
  async reading(app: Trust['app']): Promise<Reading | null> {
    const { id } = this.#about;
    if (id === null || this.#jobs.size === 0) return null;
    const trust = { repository: id, app };
    return await new LedgerReader(this.#asLedger(), trust, { history }).refresh();
  }

  /** Resolves when everything that was seen is on the disk. */
  async saved(): Promise<void> {
    while (this.#saving) await this.#saving;
  }

  #keep(seen: { readonly jobs: readonly JobEntry[]; readonly records: readonly RecordEntry[] }) {
    const { jobs, records } = this.#add(seen);
    if (jobs.length + records.length === 0) return;
    this.#unsaved.jobs.push(...jobs);
    this.#unsaved.records.push(...records);
    this.#saving ??= this.#save();
  }

  /** Gives what of it is new. */
  #add(seen: { readonly jobs: readonly JobEntry[]; readonly records: readonly RecordEntry[] }) {
    const jobs = seen.jobs.filter(({ deployment }) => !this.#jobs.has(deployment));
    const records = seen.records.filter((record) => !this.#records.has(keyOf(record)));
    for (const job of jobs) this.#jobs.set(job.deployment, job);
    for (const record of records) this.#records.set(keyOf(record), record);
    return { jobs, records };
  }

  /** Whatever is seen meanwhile goes with the next write. */
  async #save(): Promise<void> {
    await Promise.resolve();
    while (this.#unsaved.jobs.length + this.#unsaved.records.length > 0) {
      const { jobs, records } = this.#unsaved;
      this.#unsaved = { jobs: [], records: [] };
      await this.#write({ kind: 'entries', jobs, records });
    }
    this.#saving = null;
  }

  async #write(body: Remembered): Promise<void> {
    try {
      await this.#journal.append(body);
    } catch (error) {
      const { code, message } = asSallyportError(error);
      this.#log.warn('what GitHub said could not be kept', { code, message });
    }
  }

  #asLedger(): Ledger {
    const refuse = () => Promise.reject(new Error('what is remembered cannot be written to'));
    const now = this.newest;
    const jobs = [...this.#jobs.values()].toSorted((a, b) => b.deployment - a.deployment);
    const records = Map.groupBy(
      [...this.#records.values()].toSorted((a, b) => a.id - b.id),
      ({ deployment }) => deployment,
    );
    return {
      jobs: async () => ({ jobs, now, unchanged: false }),
      records: async (deployment) => ({
        records: records.get(deployment) ?? [],
        now,
        unchanged: false,
      }),
      publish: refuse,
      append: refuse,
      show: refuse,
    };
  }
}

function keyOf({ deployment, id }: RecordEntry): string {
  return `${deployment} ${id}`;
}
