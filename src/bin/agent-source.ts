import type { AgentConfig } from '../config/agent.ts';
import type { Trust } from '../deploy/admit.ts';
import type { Job } from '../model/job.ts';
import type { SigningKey } from '../model/keys.ts';
import type { Clock } from '../ports/clock.ts';
import type { Git } from '../ports/git.ts';
import type { Ledger } from '../ports/ledger.ts';

/** Where an agent's jobs and commits come from. */
export interface AgentSource {
  readonly ledger: Ledger;
  /** Whose jobs count; asked again until it is known. */
  readonly trust: (signal?: AbortSignal) => Promise<Trust>;
  /** Whose keys sign the jobs, as this host's own configuration says: known without asking anybody. */
  readonly signers: Trust['app'];
  readonly git: () => Promise<Git>;
  /** The branch that policy and head come from. */
  readonly branch: (signal?: AbortSignal) => Promise<string>;
  /** Where people read on about a job; `null` where there is no such place. */
  readonly linkOf: (job: Job) => string | null;
  /** What people call it. */
  readonly label: string;
  /** The App signs the jobs. */
  readonly isOnGithub: boolean;
}

export interface SourceSettings {
  readonly config: AgentConfig;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly key: SigningKey;
}
