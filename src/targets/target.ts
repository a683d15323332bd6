import type { TargetPlan } from '../model/plan.ts';
import type { Reason } from '../model/reason.ts';
import type { StopAsk, TrafficStop } from '../model/traffic-stop.ts';

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
  /** Once it has begun, people notice: a deployment that is cancelled then comes to its end all the same. */
  readonly noReturn?: boolean;
  /**
   * It takes long, and touches nothing of what people are served by: meanwhile that is looked after as
   * between deployments.
   */
  readonly aside?: boolean;
  /** Rejects with a StepFailure when the unit cannot go on. */
  run(signal: AbortSignal): Promise<void>;
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
  /** How people stopped its traffic by hand; absent or empty: it goes on. */
  readonly stops?: readonly TrafficStop[];
}

/** What people on a host do to the traffic of a target by hand, at any time. */
export interface TargetStops {
  /** Rejects, with nothing changed, where its traffic cannot be stopped so. */
  check(kind: StopAsk['kind']): Promise<void>;
  /** Holds until it is lifted, over deployments too. Idempotent; a second word takes the place of the first. */
  set(asked: StopAsk, by: string): Promise<void>;
  /** Lets the traffic go again. Idempotent. */
  lift(kind: StopAsk['kind']): Promise<void>;
}

/** One target on this host, at one commit: everything that the engine asks of a kind. */
export interface Target {
  /**
   * What applying would change. Nothing is touched. `fresh`: look again, though this deployment
   * has a plan already that is to be applied exactly.
   */
  plan(signal: AbortSignal, fresh?: boolean): Promise<TargetPlan>;
  /** Backing up, applying, verifying, in this order; each step names its phase. */
  readonly steps: readonly Step[];
  /** Undo what `steps` did, however far they came; run when one of them failed, or a later unit did. */
  readonly rollback: readonly Step[];
  /** After the unit is done and recorded: drain the old slot, prune. A failure here is logged, never undone. */
  readonly settle: readonly Step[];
  /** Its steps stop before it is in force: `staged` waits for a person, who switches. */
  readonly stopsAt?: 'staged' | undefined;
  status(): Promise<TargetStatus>;
  /**
   * Between deployments: looks whether what was deployed is still as it should be, and mends what
   * can be mended at once: a program that ended, a proxy that forgot. Remembers from one look to the
   * next, so the same target is asked again and again. Rejects only where it cannot look at all.
   */
  keep?(signal: AbortSignal): Promise<KeepReport>;
  /** Absent where nothing stands before it that traffic comes through. */
  readonly stops?: TargetStops;
  /** What it gives to later targets and to people once it is applied: JSON, no secrets. */
  outputs?(): Promise<Readonly<Record<string, unknown>>>;
}

/** How one look between deployments ended. */
export interface KeepReport {
  /** What was found since the look before; empty where nothing is new. */
  readonly found: readonly Kept[];
  readonly health: 'healthy' | 'progressing' | 'degraded' | 'unhealthy' | 'unknown';
  /** Why it is not healthy, for people; `null` where it is. */
  readonly why: string | null;
  /** Something else than what was deployed has the traffic, since that died. */
  readonly fellBack: boolean;
  /** Something is under way: look again after so many ms; `null`: as usual. */
  readonly againInMs: number | null;
}

/** Something that was not as it should be between deployments. */
export interface Kept {
  readonly reason: Reason;
  /** What was found, what was asked and what came back, and what was done about it. */
  readonly message: string;
  readonly details: readonly string[];
  /** It is as it should be again. */
  readonly mended: boolean;
}

/** Why a step failed, for the record, and what a person needs to see. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';
  readonly reason: Reason;
  /** The last lines of the program's output, what was asked and what came back; redacted. */
  readonly details: readonly string[];
  /** It may pass by itself: worth another try, where the policy has `retry`. */
  readonly mayPass: boolean;

  constructor(
    reason: Reason,
    message: string,
    details: readonly string[] = [],
    cause?: unknown,
    mayPass = mayPassReasons.has(reason),
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = reason;
    this.details = details;
    this.mayPass = mayPass;
  }
}

/** What may be different in a minute without anybody doing anything. */
const mayPassReasons: ReadonlySet<Reason> = new Set([
  'fetch_failed',
  'start_failed',
  'unhealthy',
  'reload_failed',
  'verify_failed',
  'timed_out',
]);
