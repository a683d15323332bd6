import { SallyportError, exitCodes } from '../../../model/errors.ts';
import type { Clock } from '../../../ports/clock.ts';
import type {
  JobEntry,
  JobPage,
  JobWrite,
  Ledger,
  RecordEntry,
  RecordPage,
  RecordWrite,
} from '../../../ports/ledger.ts';
import type { Files } from '../../journal/file/files.ts';
import type { FileEntry } from './entry.ts';
import { SharedEntries } from './shared-entries.ts';

export interface FileLedgerOptions {
  readonly clock: Clock;
  readonly files?: Files;
  /** The number of its first job, where smaller ones are another ledger's; absent: 1. */
  readonly first?: number;
}

const pageSize = 100;

/**
 * The ledger in a file that the processes of one machine share (agent and command line). The
 * file is made at the first write. `now` is this machine's clock.
 */
export function openFileLedger(path: string, options: FileLedgerOptions): Ledger {
  const { clock, files, first = 1 } = options;
  return new FileLedger(new SharedEntries(path, clock, files), clock, first);
}

class FileLedger implements Ledger {
  readonly #file: SharedEntries;
  readonly #clock: Clock;
  readonly #first: number;
  /** How many entries the answer had that was given last, by page. */
  readonly #answered = new Map<string, number>();

  constructor(file: SharedEntries, clock: Clock, first: number) {
    this.#file = file;
    this.#clock = clock;
    this.#first = first;
  }

  async jobs(older?: string, signal?: AbortSignal): Promise<JobPage> {
    signal?.throwIfAborted();
    const below = older === undefined ? Infinity : Number(older);
    const found = this.#own(await this.#file.read()).filter(({ deployment }) => deployment < below);
    const jobs = found.slice(-pageSize).toReversed();
    const last = jobs.at(-1);
    return {
      jobs,
      ...(found.length > pageSize && last ? { older: String(last.deployment) } : {}),
      now: this.#clock.now(),
      unchanged: this.#isUnchanged(`jobs ${older ?? ''}`, found.length),
    };
  }

  async records(deployment: number, signal?: AbortSignal): Promise<RecordPage> {
    signal?.throwIfAborted();
    const all = recordsIn(await this.#file.read());
    const records = all.filter((record) => record.deployment === deployment);
    return {
      records,
      now: this.#clock.now(),
      unchanged: this.#isUnchanged(`records ${deployment}`, records.length),
    };
  }

  async publish(job: JobWrite, signal?: AbortSignal): Promise<JobEntry> {
    let known: JobEntry | undefined;
    const added = await this.#file.append((entries) => {
      const jobs = this.#own(entries);
      known = jobs.find(({ token }) => token === job.token);
      const deployment = (jobs.at(-1)?.deployment ?? this.#first - 1) + 1;
      return known ? null : { kind: 'job', deployment, ...job };
    }, signal);
    return known ?? jobsIn([added!])[0]!;
  }

  async append(record: RecordWrite, signal?: AbortSignal): Promise<RecordEntry> {
    let known: RecordEntry | undefined;
    const added = await this.#file.append((entries) => {
      if (!jobsIn(entries).some(({ deployment }) => deployment === record.deployment)) {
        throw missing(record.deployment);
      }
      const records = recordsIn(entries);
      known = records.find(
        ({ deployment, token }) => deployment === record.deployment && token === record.token,
      );
      return known ? null : { kind: 'record', id: (records.at(-1)?.id ?? 0) + 1, ...record };
    }, signal);
    return known ?? recordsIn([added!])[0]!;
  }

  /** There is no page for people here; `status` and `history` fold the records. */
  show(): Promise<void> {
    return Promise.resolve();
  }

  /** Whatever the host did before it had another ledger beside this one is not looked at any more. */
  #own(entries: readonly FileEntry[]): JobEntry[] {
    return jobsIn(entries).filter(({ deployment }) => deployment >= this.#first);
  }

  #isUnchanged(page: string, count: number): boolean {
    const before = this.#answered.get(page);
    this.#answered.set(page, count);
    return before === count;
  }
}

function jobsIn(entries: readonly FileEntry[]): JobEntry[] {
  return entries.flatMap((entry) =>
    entry.kind === 'job'
      ? [{ deployment: entry.deployment, token: entry.token, at: entry.at }]
      : [],
  );
}

function recordsIn(entries: readonly FileEntry[]): RecordEntry[] {
  return entries.flatMap((entry) => {
    if (entry.kind !== 'record') return [];
    const { id, deployment, token, description: words, at } = entry;
    return [{ id, deployment, token, words, at }];
  });
}

function missing(deployment: number): SallyportError {
  return new SallyportError({
    code: 'deployment_missing',
    message: `There is no deployment ${deployment} in this ledger.`,
    hint: 'sallyport history',
    exit: exitCodes.notFound,
  });
}
