import type { ExitCode } from '../src/model/errors.ts';
import type { Clock } from '../src/ports/clock.ts';
import type { Log } from '../src/ports/log.ts';
import type { Inputs } from './inputs.ts';
import type { Run } from './run.ts';

/** All that a mode works with. */
export interface Step {
  readonly inputs: Inputs;
  readonly run: Run;
  readonly clock: Clock;
  readonly log: Log;
}

/** The outputs of action.yml; `exit-code` is always given. */
export type OutputName =
  | 'deployment'
  | 'state'
  | 'reason'
  | 'environment'
  | 'sha'
  | 'environment-url'
  | 'digest'
  | 'changes'
  | 'breaking'
  | 'risk'
  | 'problems';

/** A sentence that GitHub shows beside the run, and on a line of a file where it names one. */
export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
}

/** What came of a step. Whoever runs it writes it down. */
export interface Outcome {
  readonly exit: ExitCode;
  readonly outputs: Readonly<Partial<Record<OutputName, string>>>;
  /** Markdown for the page of the run. */
  readonly summary: string | null;
  readonly annotations: readonly Annotation[];
}

/** A mode: throws a SallyportError where it could do nothing. */
export type Mode = (step: Step) => Promise<Outcome>;
