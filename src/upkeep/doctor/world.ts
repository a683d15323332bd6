import type { AgentConfig } from '../../config/agent.ts';
import type { Machine } from '../../ports/machine.ts';
import type { KnownService } from '../known-services.ts';
import type { Place } from '../place.ts';
import type { Finding } from './finding.ts';

/** What keeps something from its work, as drivers say it. */
export interface Problem {
  readonly message: string;
  readonly hint: string;
}

/** An answer over HTTP; names of headers in lower case. */
export interface WebAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}

/** What only adapters can ask; each rejects with what went wrong, in a SallyportError. */
export interface Probes {
  proxyProblems(driver: KnownService['driver']): Promise<readonly Problem[]>;
  initProblems(init: KnownService['init']): Promise<readonly Problem[]>;
  /** Asks the Git remote for its branches, as the agent would. */
  reachRemote(): Promise<void>;
  /** GETs a path of GitHub's API with the agent's token, whatever the status is. */
  github(path: string, accept?: string): Promise<WebAnswer>;
  /** GETs an address without any credentials. */
  web(url: string): Promise<WebAnswer>;
}

/** The agent's own answer; `null` where none answers. */
export interface AgentAnswer {
  readonly version: string;
  readonly connected: boolean;
  readonly problem: string | null;
}

/** What every check may look at. */
export interface DoctorWorld {
  readonly machine: Machine;
  readonly place: Place;
  /** Whose the agent's files are. */
  readonly user: string;
  readonly config: AgentConfig;
  readonly probes: Probes;
  /** Asks the agent over its socket; rejects where nobody answers. */
  readonly ask: () => Promise<AgentAnswer>;
  /** Services whose slots this host knows. */
  readonly services: readonly KnownService[];
  /** Drivers to look at: those that services use, and those that were asked for. */
  readonly drivers: readonly KnownService['driver'][];
  /** Of this program. */
  readonly version: string;
  /** Of the Node that runs it. */
  readonly node: string;
  /** Ms since 1970 by this machine's clock. */
  readonly now: () => number;
}

/** One thing to look at. Gives a finding for each fact; what it rejects with becomes a `fail`. */
export interface Check {
  readonly name: string;
  readonly run: (world: DoctorWorld) => Promise<readonly Finding[]>;
}
