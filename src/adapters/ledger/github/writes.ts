import { SallyportError } from '../../../model/errors.ts';
import type { GithubState } from '../../../model/deployment.ts';
import type { JobEntry, JobWrite, RecordEntry, RecordWrite } from '../../../ports/ledger.ts';
import { refusalWords } from '../../github-http/answer-error.ts';
import type { GithubClient, PostOutcome } from '../../github-http/client.ts';
import { describe, descriptionWith } from './description.ts';
import { logUrlWith } from './log-url.ts';
import { readJob, readRecord, task } from './read-entries.ts';
import type { WriteOutcome } from './write-surely.ts';

/** One POST each, told apart by what became of it. A refusal rejects. */
export class GithubWrites {
  readonly #client: GithubClient;
  readonly #deployments: string;
  /** Links for people that are shorter than a record's own. */
  readonly #shortLinks: readonly string[];
  /** The server refused a `log_url` with a record in it, or lost the record, so records go into descriptions. */
  #refusesLogUrl = false;

  constructor(
    client: GithubClient,
    { apiUrl, repository }: { readonly apiUrl: string; readonly repository: string },
  ) {
    const site = siteOf(apiUrl);
    this.#client = client;
    this.#deployments = `repos/${repository}/deployments`;
    this.#shortLinks = [`${site}/${repository}/deployments`, `${site}/${repository}`, site];
  }

  async publish(job: JobWrite, signal?: AbortSignal): Promise<WriteOutcome<JobEntry>> {
    const body = {
      ref: job.sha,
      task,
      auto_merge: false,
      required_contexts: [],
      payload: { sallyport: job.token },
      environment: job.environment,
      description: describe(job.description),
    };
    const outcome = await this.#client.post(this.#deployments, body, signal);
    return conclude(outcome, readJob(answered(outcome)));
  }

  async append(record: RecordWrite, signal?: AbortSignal): Promise<WriteOutcome<RecordEntry>> {
    const { deployment, token, link } = record;
    const links = [...(link === undefined ? [] : [link]), ...this.#shortLinks];
    const logUrl = this.#refusesLogUrl ? null : logUrlWith(token, links);
    if (logUrl !== null) {
      const body = { log_url: logUrl, description: describe(record.description) };
      const outcome = await this.#status(deployment, { ...stateOf(record), ...body }, signal);
      const entry = readRecord(answered(outcome), deployment);
      const isLost = outcome.kind === 'done' && entry === null;
      if (!isLost && !isAboutLogUrl(outcome)) return conclude(outcome, entry);
      this.#refusesLogUrl = true;
    }
    const description = descriptionWith(token);
    if (description === null) throw tooLong(token);
    const outcome = await this.#status(deployment, { ...stateOf(record), description }, signal);
    return conclude(outcome, readRecord(answered(outcome), deployment));
  }

  /** A second time does no harm, so what is uncertain is simply an error to retry. */
  async show(
    deployment: number,
    state: GithubState,
    description: string,
    signal?: AbortSignal,
  ): Promise<void> {
    const body = { state, auto_inactive: false, description: describe(description) };
    const outcome = await this.#status(deployment, body, signal);
    if (outcome.kind !== 'done') throw outcome.error;
  }

  #status(deployment: number, body: unknown, signal?: AbortSignal): Promise<PostOutcome> {
    return this.#client.post(`${this.#deployments}/${deployment}/statuses`, body, signal);
  }
}

function stateOf({ state, environment, url }: RecordWrite) {
  const address = url === undefined ? {} : { environment_url: url };
  return { state, environment, auto_inactive: false, ...address };
}

function answered(outcome: PostOutcome): unknown {
  return outcome.kind === 'done' ? outcome.answer.json : null;
}

/** What GitHub took but gives back as something else would only be written over and over. */
function conclude<Entry>(outcome: PostOutcome, entry: Entry | null): WriteOutcome<Entry> {
  if (outcome.kind === 'refused') throw outcome.error;
  if (outcome.kind === 'uncertain') return outcome;
  if (entry) return { kind: 'done', entry };
  throw new SallyportError({
    code: 'github_odd_answer',
    message:
      'GitHub took an entry and gave back another one: its payload or description was changed.',
    next: 'stalled',
  });
}

function isAboutLogUrl(outcome: PostOutcome): boolean {
  if (outcome.kind !== 'refused' || outcome.answer.status !== 422) return false;
  return /log_url|target_url/u.test(refusalWords(outcome.answer));
}

/** Where people look: the API is on a host of its own, or under /api/v3. */
function siteOf(apiUrl: string): string {
  const { origin, host, protocol } = new URL(apiUrl);
  return host.startsWith('api.') ? `${protocol}//${host.slice('api.'.length)}` : origin;
}

function tooLong(token: string): SallyportError {
  return new SallyportError({
    code: 'record_too_long',
    message: `GitHub took no link with a record of ${token.length} characters, and a description has no room for it.`,
    next: 'bug',
  });
}
