import type { Digest } from '../model/digest.ts';
import type { Reason } from '../model/reason.ts';

/** The phases of a unit in which a step may run. */
export type StepPhase =
  'planning' | 'backing-up' | 'applying' | 'verifying' | 'rolling-back' | 'settling';

/**
 * One named thing that a unit does. The agent journals before and after it. After a
 * kill -9 the step that had begun is run again, so a step must be idempotent.
 */
export interface Step {
  readonly name: string;
  readonly phase: StepPhase;
  /** Rejects with a StepFailure when the unit cannot go on. */
  run(signal: AbortSignal): Promise<void>;
}

/** What a unit would change. Nothing of the commit is run to find out. */
export interface TargetPlan {
  /** Over the changes in canonical form, nothing volatile. */
  readonly digest: Digest;
  readonly changes: readonly Change[];
}

export interface Change {
  readonly action: 'add' | 'modify' | 'remove' | 'rename';
  readonly resource: string;
  readonly path?: string;
  readonly fields?: readonly string[];
  readonly breaking: boolean;
}

/** What is there now. */
export interface TargetStatus {
  readonly name: string;
  readonly kind: string;
  readonly health: 'healthy' | 'progressing' | 'degraded' | 'unhealthy' | 'unknown';
  readonly slot: string | null;
  readonly version: string | null;
  readonly sha: string | null;
  /** Where it answers, for people. */
  readonly url: string | null;
}

/** One target on this host, at one commit: everything that the engine asks of a kind. */
export interface Target {
  plan(signal: AbortSignal): Promise<TargetPlan>;
  /** Backing up, applying, verifying, in this order; each step names its phase. */
  readonly steps: readonly Step[];
  /** Undo what `steps` did, however far they came; run when one of them failed, or a later unit did. */
  readonly rollback: readonly Step[];
  /** After the unit is done and recorded: drain the old slot, prune. A failure here is logged, never undone. */
  readonly settle: readonly Step[];
  status(): Promise<TargetStatus>;
}

/** Why a step failed, for the record, and what a person needs to see. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';
  readonly reason: Reason;
  /** The last lines of the program's output, what was asked and what came back; redacted. */
  readonly details: readonly string[];

  constructor(reason: Reason, message: string, details: readonly string[] = [], cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = reason;
    this.details = details;
  }
}
