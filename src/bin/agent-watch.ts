import type { IssueHere } from '../agent/local/issue-here.ts';
import type { Connection } from '../agent/local/connection.ts';
import { startWatch, type Watch } from '../agent/watch/watch.ts';
import type { WatchWorld } from '../agent/watch/world.ts';
import type { LedgerReader } from '../deploy/reader.ts';
import { asSallyportError } from '../model/errors.ts';
import type { Git } from '../ports/git.ts';

export interface WatchSettings extends Pick<
  WatchWorld,
  'environments' | 'branch' | 'state' | 'clock' | 'log'
> {
  readonly git: () => Promise<Git>;
  readonly issue: IssueHere;
  readonly reader: () => Promise<LedgerReader>;
  readonly connection: Connection;
  readonly pollMs: number;
  /** Looks at the ledger now. */
  readonly wake: () => void;
}

export interface OpenWatch extends Pick<Watch, 'view' | 'accept' | 'wake'> {
  stop(): Promise<void>;
}

/** The longest pause while the remote is away, in ms. */
const longestPauseMs = 300_000;

/** Follows the source's branch until stopped; what it starts, the agent looks at right away. */
export function openWatch(settings: WatchSettings): OpenWatch {
  const { git, issue, reader, connection, pollMs, wake, log } = settings;
  const leaving = new AbortController();
  const watch = startWatch(
    {
      ...settings,
      git: async () => {
        const cache = await git();
        return {
          ...cache,
          fetch: (signal) => connection.note(cache.fetch(signal), signal),
        };
      },
      issue: async (ask, signal) => {
        const issued = await issue(ask, signal);
        wake();
        return issued;
      },
      issuedLast: async (environment, signal) => {
        const { environments } = await (await reader()).refresh(signal);
        const jobs = environments.get(environment)?.deployments ?? [];
        return jobs.findLast(({ job }) => job.flags['auto'] === true)?.job.sha ?? null;
      },
      pace: { intervalMs: pollMs, maxMs: longestPauseMs },
    },
    leaving.signal,
  );
  const ended = watch.done.catch((error: unknown) => {
    if (leaving.signal.aborted) return;
    const { code, message, hint } = asSallyportError(error);
    log.error('the Git remote is not followed any more', { code, message, hint });
  });
  return {
    wake: () => watch.wake(),
    view: () => watch.view(),
    accept: (environment, sha) => watch.accept(environment, sha),
    async stop() {
      leaving.abort();
      await ended;
    },
  };
}
