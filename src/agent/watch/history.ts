import type { RepositoryConfig } from '../../config/repository.ts';
import { SallyportError } from '../../model/errors.ts';
import type { Sha } from '../../model/job.ts';
import { touchedEnvironments, type Touch } from '../../policy/touched.ts';
import type { Git } from '../../ports/git.ts';
import { readConfig } from '../read-config.ts';
import type { Relation } from './decide.ts';

export type WatchGit = Pick<Git, 'fetch' | 'isAncestor' | 'readFile' | 'changedPaths'>;

/** The configuration of a commit. */
export interface PolicyAt {
  readonly ok: true;
  readonly sha: Sha;
  readonly config: RepositoryConfig;
}
type ConfigAt = PolicyAt | { readonly ok: false; readonly problem: string };

const room = 512;

/** What commits hold and how they stand to each other. They never change, so each answer is kept. */
export class WatchHistory {
  readonly #git: WatchGit;
  readonly #kept = new Map<string, Promise<unknown>>();

  constructor(git: WatchGit) {
    this.#git = git;
  }

  configAt(sha: Sha): Promise<ConfigAt> {
    return this.#once(`config ${sha}`, async () => {
      const read = await readConfig(this.#git, sha);
      return read.ok ? { ok: true, sha, config: read.config } : { ok: false, problem: read.why };
    });
  }

  async relation(floor: Sha | null, sha: Sha): Promise<Relation> {
    if (floor === null) return 'first';
    if (floor === sha) return 'same';
    if (await this.follows(floor, sha)) return 'ahead';
    return (await this.follows(sha, floor)) ? 'behind' : 'diverged';
  }

  /** Whether `from` leads to `to`. A commit that the remote has lost leads nowhere. */
  follows(from: Sha, to: Sha): Promise<boolean> {
    return this.#once(`follows ${from} ${to}`, () =>
      this.#git.isAncestor(from, to).catch((error: unknown) => {
        if (error instanceof SallyportError && error.code === 'commit_missing') return false;
        throw error;
      }),
    );
  }

  /** The environments that the range concerns. */
  touched(
    from: Sha,
    to: Sha,
    policy: PolicyAt,
    commit: RepositoryConfig,
  ): Promise<ReadonlyMap<string, Touch>> {
    return this.#once(`touched ${from} ${to} ${policy.sha}`, async () => {
      const paths = await this.#git.changedPaths(from, to);
      return touchedEnvironments({ policy: policy.config, commit, paths });
    });
  }

  #once<Result>(key: string, ask: () => Promise<Result>): Promise<Result> {
    const kept = this.#kept.get(key) as Promise<Result> | undefined;
    if (kept) return kept;
    const asked = ask();
    this.#kept.set(key, asked);
    asked.catch(() => this.#kept.delete(key));
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > room) this.#kept.delete(oldest!);
    return asked;
  }
}
