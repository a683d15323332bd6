import type { Direction, Failure, Outcome, Work } from '../deploy/journal-entries.ts';
import type { TargetPlan } from '../model/plan.ts';
import type { Reason } from '../model/reason.ts';
import type { HostState } from '../model/record.ts';
import type { UnitState } from '../model/unit.ts';
import type { GateDecision } from '../policy/gate.ts';
import type { UnitPlan } from '../report/views.ts';
import type { Kept, StepPhase } from '../targets/target.ts';

/** What an agent does, as it does it: for its log, and for whoever watches it live. */
export type AgentEvent =
  | {
      readonly kind: 'unit-began';
      readonly work: Work;
      readonly direction: Direction;
      /** It had begun before this agent was started. */
      readonly resumed: boolean;
    }
  | {
      readonly kind: 'step-began';
      readonly work: Work;
      readonly step: string;
      readonly phase: StepPhase;
    }
  | { readonly kind: 'progress'; readonly work: Work; readonly step: string; readonly text: string }
  | {
      readonly kind: 'step-ended';
      readonly work: Work;
      readonly step: string;
      readonly phase: StepPhase;
      readonly durationMs: number;
      readonly failure: Failure | null;
    }
  /** It is run again after the pause. */
  | {
      readonly kind: 'step-retried';
      readonly work: Work;
      readonly step: string;
      readonly failure: Failure;
      /** Which try failed, from 1. */
      readonly attempt: number;
      readonly pauseMs: number;
    }
  /** What this host would change, or would change now instead of that. */
  | { readonly kind: 'unit-planned'; readonly work: Work; readonly plan: TargetPlan }
  /** There was nothing to change. */
  | { readonly kind: 'unit-unchanged'; readonly work: Work }
  /** It waits before a gate; told once for each reason. */
  | { readonly kind: 'unit-waits'; readonly work: Work; readonly gate: GateDecision }
  | { readonly kind: 'unit-turned'; readonly work: Work; readonly failure: Failure }
  | {
      readonly kind: 'unit-ended';
      readonly work: Work;
      readonly outcome: Outcome;
    }
  /** Between deployments: what was not as it should be, and what was done about it. */
  | { readonly kind: 'kept'; readonly work: Work; readonly found: Kept }
  /** A person on the host stopped its traffic, or let it go. */
  | { readonly kind: 'by-hand'; readonly work: Work; readonly by: string; readonly message: string }
  | {
      readonly kind: 'unit-refused';
      readonly deployment: number;
      readonly unit: string;
      readonly reason: Reason;
      readonly message: string;
      readonly details: readonly string[];
    }
  | {
      readonly kind: 'record-written';
      readonly deployment: number;
      readonly unit: string;
      readonly state: UnitState | HostState;
      readonly description: string;
    }
  /** What is on this host is not what was deployed last; told once for each difference. */
  | {
      readonly kind: 'drifted';
      readonly environment: string;
      readonly deployment: number;
      readonly plans: readonly UnitPlan[];
    }
  /** It is again. */
  | { readonly kind: 'healed'; readonly environment: string; readonly deployment: number }
  | {
      readonly kind: 'heal-failed';
      readonly environment: string;
      readonly deployment: number;
      readonly message: string;
      /** Before another try. */
      readonly pauseMs: number;
    };

export type AgentListener = (event: AgentEvent) => void;
