import type { GithubState } from '../../../model/deployment.ts';
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
import type { Log } from '../../../ports/log.ts';
import { GithubClient, type GithubClientOptions } from '../../github-http/client.ts';
import { Lists } from './lists.ts';
import { PlanChecks } from './plan-checks.ts';
import { newestState, readJob, readRecord, task } from './read-entries.ts';
import { Recent } from './recent.ts';
import { GithubWrites } from './writes.ts';
import { writeSurely } from './write-surely.ts';

export interface GithubLedgerOptions extends GithubClientOptions {
  /** `owner/name`. */
  readonly repository: string;
  readonly clock: Clock;
  /** Told of what is shown to people only, where it cannot be. */
  readonly log?: Log;
}

/** Deployments whose records this object knows well enough to append without asking first. */
const knownDeployments = 200;

/**
 * The ledger in GitHub's Deployments and their statuses. `now` is GitHub's clock. Works with a
 * token that may read and write deployments, of an agent or of the App's installation.
 */
export function openGithubLedger(options: GithubLedgerOptions): Ledger {
  return new GithubLedger(options);
}

class GithubLedger implements Ledger {
  readonly #clock: Clock;
  readonly #lists: Lists;
  readonly #writes: GithubWrites;
  readonly #checks: PlanChecks;
  readonly #deployments: string;
  /** The records of a deployment by token, as read or written last. */
  readonly #known = new Recent<number, Map<string, RecordEntry>>(knownDeployments);
  /** Tokens whose last write had no answer: look for them before they are written again. */
  readonly #uncertain = new Set<string>();

  constructor(options: GithubLedgerOptions) {
    const client = new GithubClient(options);
    this.#clock = options.clock;
    this.#lists = new Lists(client);
    this.#writes = new GithubWrites(client, options);
    this.#checks = new PlanChecks(client, options.repository, options.log);
    this.#deployments = `repos/${options.repository}/deployments`;
  }

  async jobs(older?: string, signal?: AbortSignal): Promise<JobPage> {
    const newest = `${this.#deployments}?task=${task}&per_page=100`;
    const { items, next, now, unchanged } = await this.#lists.page(older ?? newest, signal);
    const jobs = items
      .flatMap((item) => readJob(item) ?? [])
      .toSorted((a, b) => b.deployment - a.deployment);
    return { jobs, ...(next === null ? {} : { older: next }), now, unchanged };
  }

  async records(deployment: number, signal?: AbortSignal): Promise<RecordPage> {
    const list = `${this.#deployments}/${deployment}/statuses?per_page=100`;
    const { items, now, unchanged } = await this.#lists.all(list, signal);
    const records = items
      .flatMap((item) => readRecord(item, deployment) ?? [])
      .toSorted((a, b) => a.id - b.id);
    const known = this.#known.get(deployment) ?? new Map<string, RecordEntry>();
    for (const record of records.toReversed()) known.set(record.token, record);
    this.#known.set(deployment, known);
    return { records, now, unchanged };
  }

  async publish(job: JobWrite, signal?: AbortSignal): Promise<JobEntry> {
    const { token } = job;
    const find = async (): Promise<JobEntry | null> =>
      (await this.jobs(undefined, signal)).jobs.findLast((seen) => seen.token === token) ?? null;
    if (this.#uncertain.has(token)) {
      const found = await find();
      if (found) return this.#published(found);
    }
    this.#uncertain.add(token);
    const write = () => this.#writes.publish(job, signal);
    return this.#published(await writeSurely({ write, find }, this.#clock, signal));
  }

  async append(record: RecordWrite, signal?: AbortSignal): Promise<RecordEntry> {
    const { deployment, token } = record;
    const find = async (): Promise<RecordEntry | null> => {
      await this.records(deployment, signal);
      return this.#known.get(deployment)?.get(token) ?? null;
    };
    const isKnown = this.#known.get(deployment) !== undefined && !this.#uncertain.has(token);
    const before = isKnown ? this.#known.get(deployment)?.get(token) : await find();
    if (before) return this.#appended(before);
    // Before the record, so that whoever is told of the record finds the plan.
    if (record.plan) await this.#checks.write(record.plan, signal);
    this.#uncertain.add(token);
    const write = () => this.#writes.append(record, signal);
    return this.#appended(await writeSurely({ write, find }, this.#clock, signal));
  }

  async show(
    deployment: number,
    state: GithubState,
    description: string,
    signal?: AbortSignal,
  ): Promise<void> {
    const list = `${this.#deployments}/${deployment}/statuses?per_page=100`;
    const { items } = await this.#lists.page(list, signal);
    if (newestState(items) !== state)
      await this.#writes.show(deployment, state, description, signal);
  }

  #appended(entry: RecordEntry): RecordEntry {
    this.#uncertain.delete(entry.token);
    this.#known.get(entry.deployment)?.set(entry.token, entry);
    return entry;
  }

  #published(entry: JobEntry): JobEntry {
    this.#uncertain.delete(entry.token);
    // It is new: nobody can have said anything of it yet.
    if (!this.#known.get(entry.deployment)) this.#known.set(entry.deployment, new Map());
    return entry;
  }
}
