import type { Retry } from '../config/environment.ts';
import type { TargetConfig } from '../config/repository.ts';
import type { Digest } from '../model/digest.ts';
import type { Job } from '../model/job.ts';
import type { Reason } from '../model/reason.ts';
import type { HostState } from '../model/record.ts';
import type { UnitState } from '../model/unit.ts';
import type { StepPhase } from '../targets/target.ts';

/** One unit of one job, with all that is needed to go on with it while nothing can be asked of anybody. */
export interface Work {
  readonly deployment: number;
  readonly job: Job;
  readonly digest: Digest;
  readonly target: string;
  /** Place of the target in the job's `targets`. */
  readonly targetIndex: number;
  /** `null` where the target lives on no host. */
  readonly host: string | null;
  readonly attempt: number;
  readonly plan: Digest | null;
  /** The tag that names the commit, where there is one. */
  readonly version: string | null;
  /** As the deployed commit has it, with the policy's overrides in it; no secrets. */
  readonly config: TargetConfig;
  /** What the policy says of another try, when the unit began. */
  readonly retry: Retry | null;
  /**
   * Drift is being mended: the same work once more, of which the deployment's records say nothing.
   * Counts the mendings of this host, from 1.
   */
  readonly heal?: number;
}

/** Why a step failed. */
export interface Failure {
  readonly reason: Reason;
  /** Name of the step. */
  readonly step: string;
  readonly message: string;
  /** The last lines of the program's output and the like; redacted. */
  readonly details: readonly string[];
}

/** How a unit ended on this host. */
export type Outcome =
  /** `staged`: it waits in its idle slot, and what was there before is in force still. */
  | { readonly state: 'done'; readonly staged?: true }
  | { readonly state: 'rolled-back' | 'failed'; readonly failure: Failure }
  /** Another agent has it now, or will: nothing more is done or said here. */
  | { readonly state: 'abandoned'; readonly reason: Reason };

/** `forward` makes the target match the commit, `back` undoes that. */
export type Direction = 'forward' | 'back';

/** A record on its way to the ledger; kept until the ledger has it. */
export interface QueuedRecord {
  readonly deployment: number;
  readonly environment: string;
  readonly token: string;
  /** The host's name where it speaks of itself. */
  readonly unit: string;
  readonly state: UnitState | HostState;
  /** Of a unit; the record's number where the host speaks of itself. */
  readonly attempt: number;
  readonly description: string;
  readonly link: string | null;
}

/**
 * What an agent's journal holds. A host does one unit at a time, so that the entries of
 * steps belong to the unit that began last.
 */
export type JournalBody =
  | { readonly kind: 'unit-began'; readonly work: Work; readonly direction: Direction }
  /** The host would not begin with it. */
  | {
      readonly kind: 'unit-refused';
      readonly deployment: number;
      readonly unit: string;
      readonly reason: Reason;
    }
  /** There was nothing to change: it is done, and nothing was touched. */
  | { readonly kind: 'unit-unchanged'; readonly work: Work }
  | { readonly kind: 'step-began'; readonly step: string; readonly phase: StepPhase }
  | {
      readonly kind: 'step-ended';
      readonly step: string;
      readonly phase: StepPhase;
      readonly failure: Failure | null;
    }
  /** A step failed in a way that may pass by itself, and is run again after a pause. */
  | {
      readonly kind: 'step-retried';
      readonly step: string;
      readonly phase: StepPhase;
      readonly failure: Failure;
      /** Which try failed, from 1. */
      readonly attempt: number;
    }
  | { readonly kind: 'unit-ended'; readonly outcome: Outcome }
  /** What follows a unit that is done (draining, pruning) has ended too. */
  | { readonly kind: 'unit-settled' }
  /** A record of a lease is about to be written. */
  | {
      readonly kind: 'lease-said';
      readonly deployment: number;
      readonly target: string;
      readonly attempt: number;
    }
  | { readonly kind: 'record-queued'; readonly record: QueuedRecord }
  | { readonly kind: 'record-taken'; readonly token: string }
  /** A person gave the host back to the deployments of everybody. */
  | { readonly kind: 'host-released'; readonly environment: string; readonly by: string }
  /** The agent was asked to end, and did so between two steps. */
  | { readonly kind: 'left' };
