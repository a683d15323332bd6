import { join } from 'node:path';
import { openJournal } from '../adapters/journal/file/open-journal.ts';
import type { Connection } from '../agent/local/connection.ts';
import { GithubClock } from '../agent/outage/github-clock.ts';
import { LedgerMemory, Remembered } from '../agent/outage/ledger-memory.ts';
import type { Reading } from '../deploy/reader.ts';
import { SallyportError, exitCodes } from '../model/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Git } from '../ports/git.ts';
import type { Log } from '../ports/log.ts';
import type { AgentSource } from './agent-source.ts';
import { sharedOnce } from './shared-once.ts';

export interface RememberedGithub {
  readonly source: AgentSource;
  /** What GitHub's ledger said before this start. */
  readonly reading: Reading | null;
  /** What people do on the host is written with. */
  readonly clock: Clock;
  close(): Promise<void>;
}

/**
 * GitHub as a source that is kept on the disk: while it does not answer, nobody waits for it, and
 * what it said last counts.
 */
export async function rememberGithub(
  source: AgentSource,
  connection: Connection,
  { state, clock, log }: { readonly state: string; readonly clock: Clock; readonly log: Log },
): Promise<RememberedGithub> {
  const path = join(state, 'journal', 'github');
  const journal = await openJournal<Remembered>(path, { clock, schema: Remembered });
  const memory = new LedgerMemory(journal, log);
  const time = new GithubClock(clock, memory.newest);
  const isCutOff = () => connection.view().problem !== null;
  const live = {
    trust: async (signal?: AbortSignal) => {
      const trust = await connection.note(source.trust(signal), signal);
      await memory.keepAbout({ id: trust.repository });
      return trust;
    },
    branch: async (signal?: AbortSignal) => {
      const branch = await source.branch(signal);
      await memory.keepAbout({ branch });
      return branch;
    },
  };
  return {
    source: {
      ...source,
      ledger: time.observe(memory.observe(connection.observe(source.ledger))),
      trust: live.trust,
      git: sharedOnce(async () => hurried(await source.git(), isCutOff)),
      branch: async (signal) => {
        const { branch } = memory.about;
        if (branch === null) return await live.branch(signal);
        if (isCutOff()) return branch;
        return await live.branch(signal).catch((error: unknown) => {
          signal?.throwIfAborted();
          if (isCutOff()) return branch;
          throw error;
        });
      },
    },
    reading: await memory.reading(source.signers),
    clock: time,
    async close() {
      await memory.saved();
      await journal.close();
    },
  };
}

/** What was fetched last is what there is, while GitHub is known not to answer. */
function hurried(git: Git, isCutOff: () => boolean): Git {
  return {
    ...git,
    fetch: async (signal) => {
      if (isCutOff()) throw cutOff();
      return await git.fetch(signal);
    },
  };
}

function cutOff(): SallyportError {
  return new SallyportError({
    code: 'git_unreachable',
    message: 'GitHub does not answer, so nothing was fetched.',
    hint: 'What was fetched before is there: sallyport status',
    next: 'retry',
    exit: exitCodes.unreachable,
  });
}
