import { asSallyportError } from '../../../model/errors.ts';
import type { PlanNote } from '../../../ports/ledger.ts';
import type { Log } from '../../../ports/log.ts';
import type { GithubClient } from '../../github-http/client.ts';
import { Recent } from './recent.ts';

const remembered = 200;

/** Shows plans as check runs of their commits, where the token may write any. */
export class PlanChecks {
  readonly #client: GithubClient;
  readonly #path: string;
  readonly #log: Log | undefined;
  readonly #written = new Recent<string, true>(remembered);
  #isRefused = false;

  constructor(client: GithubClient, repository: string, log: Log | undefined) {
    this.#client = client;
    this.#path = `repos/${repository}/check-runs`;
    this.#log = log;
  }

  /**
   * Writes one, once. A plan is for people: whatever goes wrong is told and passed over, and a token
   * that may not write is not tried again. Rejects only with the signal's reason.
   */
  async write(note: PlanNote, signal?: AbortSignal): Promise<void> {
    const key = `${note.sha} ${note.name} ${note.digest}`;
    if (this.#isRefused || this.#written.get(key)) return;
    try {
      const outcome = await this.#client.post(this.#path, bodyOf(note), signal);
      if (outcome.kind === 'done') {
        this.#written.set(key, true);
        return;
      }
      const { status } = outcome.kind === 'refused' ? outcome.answer : { status: 0 };
      this.#isRefused = status === 403 || status === 404;
      this.#tell(outcome.error.message);
    } catch (error) {
      signal?.throwIfAborted();
      this.#tell(asSallyportError(error).message);
    }
  }

  #tell(message: string): void {
    const hint = this.#isRefused
      ? 'To show plans the token needs `checks: write`, which only those of GitHub Apps can have.'
      : null;
    this.#log?.warn('a plan could not be shown as a check run', { message, hint });
  }
}

/** It is neither good nor bad news: a plan must not turn a commit red or green. */
function bodyOf({ name, sha, digest, title, summary, text }: PlanNote) {
  return {
    name,
    head_sha: sha,
    external_id: digest,
    status: 'completed',
    conclusion: 'neutral',
    output: { title, summary, ...(text === null ? {} : { text }) },
  };
}
