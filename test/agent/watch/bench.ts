import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { IssueAsk } from '../../../src/agent/local/issue-here.ts';
import type { WatchGit } from '../../../src/agent/watch/history.ts';
import { startWatch, type Watch } from '../../../src/agent/watch/watch.ts';
import type { Issued } from '../../../src/deploy/issue.ts';
import { SallyportError } from '../../../src/model/errors.ts';
import type { Sha } from '../../../src/model/job.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { GitRef } from '../../../src/ports/git.ts';

export const rules = `version: 1
targets:
  maps: { kind: files, source: "environments/{environment}", common: environments/common, destination: /srv/maps }
environments:
  development: { sync: auto }
  staging: { sync: auto }
  production: { sync: manual }
  released: { sync: auto, trigger: { tags: "v*" } }
`;

interface Commit {
  readonly parent: Sha | null;
  readonly paths: readonly string[];
  readonly rules: string | null;
}

/** A remote that is a table of commits. */
class TableGit implements WatchGit {
  readonly commits = new Map<Sha, Commit>();
  readonly refs = new Map<string, Sha>();
  readonly calls: string[] = [];
  isAway = false;

  /** A new commit on top of another. */
  commit(parent: Sha | null, paths: readonly string[], text: string | null = rules): Sha {
    const sha = (this.commits.size + 1).toString(16).padStart(40, '0');
    this.commits.set(sha, { parent, paths, rules: text });
    return sha;
  }

  /** A new commit on `main`. */
  push(paths: readonly string[] = ['environments/common/a'], text: string | null = rules): Sha {
    const sha = this.commit(this.refs.get('refs/heads/main') ?? null, paths, text);
    this.refs.set('refs/heads/main', sha);
    return sha;
  }

  async fetch(): Promise<readonly GitRef[]> {
    this.calls.push('fetch');
    if (this.isAway) {
      throw new SallyportError({ code: 'git_unreachable', message: 'it is away', next: 'retry' });
    }
    return [...this.refs].map(([name, sha]) => ({ name, sha }));
  }

  async isAncestor(ancestor: Sha, descendant: Sha): Promise<boolean> {
    this.calls.push('isAncestor');
    return this.leads(ancestor, descendant);
  }

  leads(ancestor: Sha, descendant: Sha): boolean {
    return this.#back(descendant).includes(ancestor);
  }

  async changedPaths(from: Sha, to: Sha): Promise<readonly string[]> {
    this.calls.push('changedPaths');
    const known = this.#back(from);
    return this.#back(to)
      .filter((sha) => !known.includes(sha))
      .flatMap((sha) => this.commits.get(sha)!.paths);
  }

  async readFile(sha: Sha): Promise<string | null> {
    this.calls.push('readFile');
    return this.commits.get(sha)!.rules;
  }

  #back(sha: Sha): readonly Sha[] {
    const line: Sha[] = [];
    for (let at: Sha | null = sha; at !== null; at = this.commits.get(at)!.parent) line.push(at);
    return line;
  }
}

/** A clock that stands still: each sleep ends when the test says so. */
class StepClock implements Clock {
  #now = 1_000;
  #sleeper: { readonly ms: number; readonly wake: () => void } | null = null;
  #asleep: (() => void) | null = null;

  now(): number {
    return this.#now;
  }

  random(): number {
    return 0.5;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper = { ms, wake: resolve };
      const abort = () => {
        if (this.#sleeper === sleeper) this.#sleeper = null;
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#sleeper = sleeper;
      this.#asleep?.();
    });
  }

  /** Resolves with the length of the sleep that has begun. */
  async untilAsleep(): Promise<number> {
    if (!this.#sleeper) await new Promise<void>((resolve) => (this.#asleep = resolve));
    this.#asleep = null;
    return this.#sleeper!.ms;
  }

  next(): void {
    const { ms, wake } = this.#sleeper!;
    this.#sleeper = null;
    this.#now += ms;
    wake();
  }
}

/** A watcher with everything around it in memory, but for the folder that outlives a restart. */
export class WatchBench {
  readonly git = new TableGit();
  readonly clock = new StepClock();
  /** Every ask, in order, whether it was answered or not. */
  readonly asked: IssueAsk[] = [];
  readonly logged: string[] = [];
  readonly state = mkdtempSync(join(tmpdir(), 'sallyport-watch-'));
  readonly environments: readonly string[];
  /** What the next asks come to: done, lost before, or lost after it was done. */
  issuing: 'done' | 'refused' | 'lost' = 'done';
  issuedLast: Sha | null = null;
  watch!: Watch;
  #stop = new AbortController();

  constructor(environments: readonly string[] = ['development', 'staging', 'production']) {
    this.environments = environments;
  }

  async start(): Promise<this> {
    const say =
      (level: string) =>
      (message: string, facts: object = {}) =>
        void this.logged.push(`${level} ${message} ${JSON.stringify(facts)}`);
    this.#stop = new AbortController();
    const world = {
      git: async () => this.git,
      environments: this.environments,
      branch: 'main',
      issue: (ask: IssueAsk) => this.#issue(ask),
      issuedLast: async () => this.issuedLast,
      state: this.state,
      clock: this.clock,
      log: { info: say('info'), warn: say('warn'), error: say('error') },
      pace: { intervalMs: 30_000, maxMs: 300_000 },
    };
    this.watch = startWatch(world, this.#stop.signal);
    await Promise.race([this.clock.untilAsleep(), this.watch.done]);
    return this;
  }

  /** Lets the pause pass, and the poll after it. Gives the length of the next pause. */
  async poll(): Promise<number> {
    this.clock.next();
    return await this.clock.untilAsleep();
  }

  /** As if the agent had been ended and started again. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error('stopped'));
    await this.watch.done.catch(() => {});
  }

  async end(): Promise<void> {
    await this.stop();
    rmSync(this.state, { recursive: true, force: true });
  }

  /** `environment sha` of every ask since the last time this was called. */
  takeAsked(): readonly string[] {
    return this.asked.splice(0).map(({ environment, sha }) => `${environment} ${sha.slice(-3)}`);
  }

  note(environment: string): string | null {
    return this.watch.view().environments.find(({ name }) => name === environment)!.note;
  }

  async #issue(ask: IssueAsk): Promise<Issued> {
    if (this.issuing !== 'refused') this.asked.push(ask);
    if (this.issuing === 'done') return { deployment: 1, duplicate: false } as Issued;
    throw new SallyportError({ code: 'ledger_away', message: 'the ledger is away' });
  }
}

export async function watchBench(environments?: readonly string[]): Promise<WatchBench> {
  const bench = new WatchBench(environments);
  onTestFinished(() => bench.end());
  return bench;
}
