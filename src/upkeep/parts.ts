import type { AgentConfig } from '../config/agent.ts';
import type { Clock } from '../ports/clock.ts';
import type { Machine } from '../ports/machine.ts';
import type { Program } from './agent-unit.ts';
import type { Probes } from './doctor/world.ts';

/** A program in a slot, or the embedded proxy, that runs beside the agent. */
export interface RunningProgram {
  /** `production.web.blue`, or `the embedded proxy`. */
  readonly name: string;
  /** Ends it; its requests get a moment to end. */
  stop(): Promise<void>;
}

/** What upkeep needs of the world, which only `src/bin` can build. */
export interface UpkeepParts {
  readonly machine: Machine;
  readonly clock: Clock;
  readonly program: Program;
  /** Asks the person at the terminal; `null` where nobody sits there. */
  readonly confirm: ((question: string) => Promise<boolean>) | null;
  readonly probes: (config: AgentConfig) => Probes;
  /** What the agent has started and leaves running. */
  readonly running: (config: AgentConfig) => Promise<readonly RunningProgram[]>;
}
