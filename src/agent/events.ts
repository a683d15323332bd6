import type { Direction, Failure, Outcome, Work } from '../deploy/journal-entries.ts';
import type { Reason } from '../model/reason.ts';
import type { UnitState } from '../model/unit.ts';
import type { StepPhase } from '../targets/target.ts';

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
  | { readonly kind: 'unit-turned'; readonly work: Work; readonly failure: Failure }
  | {
      readonly kind: 'unit-ended';
      readonly work: Work;
      readonly outcome: Outcome;
    }
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
      readonly state: UnitState;
      readonly description: string;
    };

export type AgentListener = (event: AgentEvent) => void;
