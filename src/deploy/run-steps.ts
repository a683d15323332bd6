import type { Retry } from '../config/environment.ts';
import { asSallyportError } from '../model/errors.ts';
import { isReason } from '../model/reason.ts';
import type { Clock } from '../ports/clock.ts';
import { StepFailure, type Step, type StepPhase } from '../targets/target.ts';
import type { Failure, JournalBody, Outcome } from './journal-entries.ts';
import {
  advance,
  nextMove,
  turned,
  type FailureRules,
  type Position,
  type UnitSteps,
} from './resume.ts';
import { pauseAfterTry, retryAfter } from './retry.ts';
import { isSafePoint, isUntouched } from './safe-point.ts';

/** What happens while steps run, as it happens. */
export type StepEvent =
  | { readonly kind: 'step-began'; readonly step: Step }
  | {
      readonly kind: 'step-ended';
      readonly step: Step;
      readonly durationMs: number;
      readonly failure: Failure | null;
    }
  /** It is run again after the pause. */
  | {
      readonly kind: 'step-retried';
      readonly step: Step;
      readonly failure: Failure;
      /** Which try failed, from 1. */
      readonly attempt: number;
      readonly pauseMs: number;
    }
  | { readonly kind: 'turned'; readonly failure: Failure };

export interface StepWorld {
  /** Resolves when the entry is on the disk. */
  note(entry: JournalBody): Promise<unknown>;
  /** For durations and pauses. */
  readonly clock: Clock;
  /** Awaited, so that what is said of a step stands before the next one begins. */
  on(event: StepEvent): void | Promise<void>;
  /** Whether to leave before the next step. */
  isLeaving(): boolean;
  /** Who cancelled it, in words: it stops at its next safe point. `null` where nobody did. */
  cancelledBy(): string | null;
  /** Ends the step in hand, and a pause before another try, at once. */
  readonly signal: AbortSignal;
}

export interface RunRules extends FailureRules {
  /** `null`: every failure is the last word. */
  readonly retry: Retry | null;
}

/**
 * Runs a unit from where it stands to its end, or gives `left` where it was asked to
 * leave between two steps. Where it was cancelled, it stops before the next step if that is safe,
 * and goes back. Rejects with the signal's reason when aborted: then the step
 * in hand counts as begun, and is run again by whoever goes on.
 */
export async function runSteps(
  start: Position,
  unit: UnitSteps,
  rules: RunRules,
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
    const by = isSafePoint(position, unit.steps) ? world.cancelledBy() : null;
    if (by !== null) {
      const entry = stoppedBefore(move.step, by, isUntouched(position, unit.steps));
      await world.note(entry);
      position = advance(position, entry);
      continue;
    }
    position = advance(position, await runStep(move.step, world, rules.retry, position.tries));
  }
}

/** In the journal a step that failed, so that the next start, too, goes the way back. */
function stoppedBefore(
  { name, phase }: Step,
  by: string,
  untouched: boolean,
): Extract<JournalBody, { kind: 'step-ended' }> {
  const message = `stopped before this step, ${by}`;
  const failure: Failure = { reason: 'cancelled', step: name, message, details: [] };
  return { kind: 'step-ended', step: name, phase: untouched ? 'backing-up' : phase, failure };
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

/** One try of a step; where another one is left after a failure that may pass, with the pause before it. */
async function runStep(
  step: Step,
  world: StepWorld,
  retry: Retry | null = null,
  tries = 0,
): Promise<JournalBody> {
  const { clock } = world;
  const { name, phase } = step;
  await world.note({ kind: 'step-began', step: name, phase });
  await world.on({ kind: 'step-began', step });
  const began = clock.now();
  const thrown = await attempt(step, world.signal);
  const failure = thrown && failureOf(name, thrown.error);
  const number = tries + 1;
  const rule = thrown && retryAfter(step, thrown.error, retry);
  if (failure && rule && number < rule.attempts) {
    const entry = { kind: 'step-retried', step: name, phase, failure, attempt: number } as const;
    await world.note(entry);
    const pauseMs = pauseAfterTry(number, rule, clock.random());
    await world.on({ kind: 'step-retried', step, failure, attempt: number, pauseMs });
    await pause(pauseMs, phase, world);
    return entry;
  }
  const entry: JournalBody = { kind: 'step-ended', step: name, phase, failure };
  await world.note(entry);
  await world.on({ kind: 'step-ended', step, durationMs: clock.now() - began, failure });
  return entry;
}

async function attempt(
  step: Step,
  signal: AbortSignal,
): Promise<{ readonly error: unknown } | null> {
  try {
    await step.run(signal);
    return null;
  } catch (error) {
    signal.throwIfAborted();
    return { error };
  }
}

/** In short parts, so that whoever is asked to leave, or to stop, does so at once. Going back is not stopped. */
async function pause(ms: number, phase: StepPhase, world: StepWorld): Promise<void> {
  const isCut = () =>
    world.isLeaving() || (phase !== 'rolling-back' && world.cancelledBy() !== null);
  for (let left = ms; left > 0 && !isCut(); left -= 1000) {
    await world.clock.sleep(Math.min(left, 1000), world.signal);
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
