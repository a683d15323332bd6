import type { LedgerReader } from '../../deploy/reader.ts';
import type { Sha } from '../../model/job.ts';
import type { SigningKey } from '../../model/keys.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Git } from '../../ports/git.ts';
import type { Ledger } from '../../ports/ledger.ts';
import type { Beside } from '../outage/beside.ts';
import type { PolicyNow } from '../policy-now.ts';
import type { StopTraffic } from '../stop-traffic.ts';
import type { IssueHere } from './issue-here.ts';

/** GitHub's ledger, beside the one that people on the host write to. */
export interface BesideGithub extends Pick<Beside, 'of' | 'forPeople'> {
  /** Whether GitHub answered when it was last asked. */
  readonly isAnswering: () => boolean;
}

/** What people's acts on this host need of the world. */
export interface ActsWorld {
  /** The host's name. */
  readonly host: string;
  /** The environments that it serves. */
  readonly environments: readonly string[];
  /** Whose word starts a deployment here. */
  readonly origins: readonly string[];
  /** The App signs jobs: people type in GitHub. */
  readonly isOnGithub: boolean;
  readonly key: SigningKey;
  readonly ledger: Ledger;
  readonly reader: () => Promise<LedgerReader>;
  readonly clock: Clock;
  readonly git: () => Promise<Git>;
  /** The branch that policy and head come from. */
  readonly branch: (signal?: AbortSignal) => Promise<string>;
  readonly policyNow: PolicyNow;
  readonly issue: IssueHere;
  /** A person deployed this commit: whatever follows the branch goes on from it. */
  readonly deployed: (environment: string, sha: Sha) => void;
  /** People give this host back; tells whether it was held there. */
  readonly release: (environment: string, by: string) => Promise<boolean>;
  readonly stopTraffic: StopTraffic;
  /** What GitHub's ledger and the host's own tell together; absent: there is one ledger. */
  readonly beside?: BesideGithub | undefined;
  /** Looks at the ledger now. */
  readonly wake: () => void;
}
