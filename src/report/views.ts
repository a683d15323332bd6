import type { DeploymentState } from '../model/deployment.ts';
import type { Job } from '../model/job.ts';
import type { TargetPlan } from '../model/plan.ts';
import type { HostState, LedgerRecord } from '../model/record.ts';
import type { Reason } from '../model/reason.ts';
import type { TrafficStop } from '../model/traffic-stop.ts';
import type { Unit, UnitState } from '../model/unit.ts';

/** What reports need of a folded unit. */
export interface ReportedUnit extends Unit {
  readonly state: UnitState;
  readonly reason: Reason;
  /** Ms since 1970, by the ledger's clock. */
  readonly at: number;
}

/** What reports need of a folded deployment. */
export interface ReportedDeployment {
  readonly deployment: number;
  readonly job: Job;
  readonly state: DeploymentState;
  readonly reason: Reason;
  readonly over: boolean;
  readonly units: readonly ReportedUnit[];
  readonly at: number;
  readonly endedAt: number | null;
}

/** What reports need of a folded environment. */
export interface ReportedEnvironment {
  readonly name: string;
  /** Accepted ones, oldest first. */
  readonly deployments: readonly ReportedDeployment[];
  readonly running: ReportedDeployment | null;
  readonly queue: readonly ReportedDeployment[];
  readonly lastGood: ReportedDeployment | null;
  readonly previousGood: ReportedDeployment | null;
  /** What waits in idle slots for a person who moves the traffic, oldest first. */
  readonly staged: readonly ReportedStaged[];
  readonly gap: { readonly deployment: number } | null;
  /** The newest accepted one that changes targets: what people want to run. */
  readonly desired: ReportedDeployment | null;
  readonly facts: ReportedFacts;
  /** The last that each host said of itself. */
  readonly hosts: ReadonlyMap<string, { readonly state: HostState }>;
}

export interface ReportedStaged {
  readonly view: ReportedDeployment;
  readonly targets: readonly string[];
}

/** What holds in an environment by people's word, and by what went wrong. */
interface ReportedFacts {
  readonly lock: ReportedStanding | null;
  readonly pause: ReportedStanding | null;
  readonly held: readonly { readonly host: string; readonly since: number }[];
  readonly quarantined: readonly { readonly sha: string; readonly why: string }[];
}

/** Somebody's word; times in ms since 1970. */
export interface ReportedStanding {
  readonly by: string;
  readonly reason: string;
  readonly since: number;
  /** `null`: until somebody takes it back. */
  readonly until: number | null;
}

/** Where a host of a rollout stands. */
export interface ReportedHost {
  readonly host: string;
  /** `canary`, `batch 2`. */
  readonly batch: string;
  readonly state: string;
  /** `null` where it waits for nothing that anybody knows of. */
  readonly waits: string | null;
}

/** Why a deployment does not go on, in words, and when that ends by itself. */
export interface ReportedWait {
  readonly deployment: number;
  readonly reason: Reason;
  readonly message: string;
  /** Ms since 1970; `null` where nobody knows. */
  readonly until: number | null;
}

/** A record of the ledger and who signed it. */
export interface ReportedRecord {
  readonly deployment: number;
  readonly record: LedgerRecord;
  readonly signer: { readonly kind: 'app' } | { readonly kind: 'host'; readonly host: string };
  readonly at: number;
  /** What was said with it, for people: unsigned, absent where nobody knows. */
  readonly words?: string;
}

export type Health = 'healthy' | 'progressing' | 'degraded' | 'unhealthy' | 'unknown';

export type Sync = 'synced' | 'out-of-sync' | 'syncing' | 'held' | 'unknown';

/** What was seen of a target on a host, where somebody looked. */
export interface ReportedTarget {
  readonly host: string;
  readonly name: string;
  readonly slot: string | null;
  readonly version: string | null;
  readonly health: Health;
  /** Why it is not healthy, where somebody knows. */
  readonly why?: string;
  /** How people on the host stopped its traffic; absent: it goes on. */
  readonly stops?: readonly TrafficStop[];
  /** What it gave to later targets; absent where its kind gives nothing. */
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** What one target would change on one host, with its name; `host` is `null` where it lives on none. */
export interface UnitPlan extends TargetPlan {
  readonly name: string;
  readonly kind: string;
  readonly host: string | null;
}
