import { asSallyportError } from '../model/errors.ts';
import { isReason } from '../model/reason.ts';
import { StepFailure, type Step } from '../targets/target.ts';
import type { Failure, JournalBody, Outcome } from './journal-entries.ts';
import {
  advance,
  nextMove,
  turned,
  type FailureRules,
  type Position,
  type UnitSteps,
} from './resume.ts';

/** What happens while steps run, as it happens. */
export type StepEvent =
  | { readonly kind: 'step-began'; readonly step: Step }
  | {
      readonly kind: 'step-ended';
      readonly step: Step;
      readonly durationMs: number;
      readonly failure: Failure | null;
    }
  | { readonly kind: 'turned'; readonly failure: Failure };

export interface StepWorld {
  /** Resolves when the entry is on the disk. */
  note(entry: JournalBody): Promise<unknown>;
  /** Milliseconds, for durations. */
  now(): number;
  /** Awaited, so that what is said of a step stands before the next one begins. */
  on(event: StepEvent): void | Promise<void>;
  /** Whether to leave before the next step. */
  isLeaving(): boolean;
  /** Ends the step in hand at once. */
  readonly signal: AbortSignal;
}

/**
 * Runs a unit from where it stands to its end, or gives `left` where it was asked to
 * leave between two steps. Rejects with the signal's reason when aborted: then the step
 * in hand counts as begun, and is run again by whoever goes on.
 */
export async function runSteps(
  start: Position,
  unit: UnitSteps,
  rules: FailureRules,
  world: StepWorld,
): Promise<Outcome | { readonly state: 'left' }> {
  let position = start;
  for (;;) {
    world.signal.throwIfAborted();
    const move = nextMove(position, unit, rules);
    if (move.kind === 'end') return move.outcome;
    if (move.kind === 'turn') {
      await world.on({ kind: 'turned', failure: move.failure });
      position = turned(position);
      continue;
    }
    if (world.isLeaving()) return { state: 'left' };
    position = advance(position, await runStep(move.step, world));
  }
}

/** What follows a unit that is done. A failure is noted and passed over; gives false where it left before the end. */
export async function runSettling(
  steps: readonly Step[],
  finished: readonly string[],
  world: StepWorld,
): Promise<boolean> {
  for (const step of steps.filter(({ name }) => !finished.includes(name))) {
    if (world.isLeaving()) return false;
    await runStep(step, world);
  }
  return true;
}

async function runStep(step: Step, world: StepWorld): Promise<JournalBody> {
  const { name, phase } = step;
  await world.note({ kind: 'step-began', step: name, phase });
  await world.on({ kind: 'step-began', step });
  const began = world.now();
  const failure = await attempt(step, world.signal);
  const entry: JournalBody = { kind: 'step-ended', step: name, phase, failure };
  await world.note(entry);
  await world.on({ kind: 'step-ended', step, durationMs: world.now() - began, failure });
  return entry;
}

async function attempt(step: Step, signal: AbortSignal): Promise<Failure | null> {
  try {
    await step.run(signal);
    return null;
  } catch (thrown) {
    signal.throwIfAborted();
    return failureOf(step.name, thrown);
  }
}

/** Any thrown value as the failure of a step. */
export function failureOf(step: string, thrown: unknown): Failure {
  if (thrown instanceof StepFailure) {
    return { reason: thrown.reason, step, message: thrown.message, details: thrown.details };
  }
  const { code, message, hint } = asSallyportError(thrown);
  return { reason: isReason(code) ? code : 'internal', step, message, details: hint ? [hint] : [] };
}
