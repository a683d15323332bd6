import type { Step } from '../targets/target.ts';
import type { Direction, Failure, JournalBody, Outcome } from './journal-entries.ts';
import { isUntouched } from './safe-point.ts';

/** How far a unit came: the same whether it has run until now or is read from a journal after a kill -9. */
export interface Position {
  readonly direction: Direction;
  /** Steps of this direction that ended well. */
  readonly finished: readonly string[];
  /** The step that began and has not ended well: it may have been cut off in the middle. */
  readonly begun: string | null;
  /** Tries of the next step that failed in a way that may pass by itself. */
  readonly tries: number;
  /** What went wrong on the way forward. */
  readonly failure: Failure | null;
  /** What went wrong on the way back. */
  readonly backFailure: Failure | null;
}

export interface UnitSteps {
  readonly steps: readonly Step[];
  readonly rollback: readonly Step[];
}

export interface FailureRules {
  readonly onFailure: 'rollback' | 'stop';
}

/** What is next for a unit: a step, or its end. */
export type Move =
  | { readonly kind: 'step'; readonly step: Step }
  | { readonly kind: 'turn'; readonly failure: Failure }
  | { readonly kind: 'end'; readonly outcome: Outcome };

export function startingAt(direction: Direction): Position {
  return { direction, finished: [], begun: null, tries: 0, failure: null, backFailure: null };
}

/** Where a unit stands after one more journal entry. A step that only began is to be run again. */
export function advance(position: Position, entry: JournalBody): Position {
  if (entry.kind === 'step-began' && entry.phase !== 'settling') {
    return { ...position, begun: entry.step };
  }
  if (entry.kind !== 'step-ended' && entry.kind !== 'step-retried') return position;
  if (entry.phase === 'settling') return position;
  const isBack = entry.phase === 'rolling-back';
  if (isBack && position.direction === 'forward') return advance(turned(position), entry);
  if (entry.kind === 'step-retried')
    return { ...position, begun: entry.step, tries: entry.attempt };
  const ended = { ...position, begun: null, tries: 0 };
  if (!entry.failure) return { ...ended, finished: [...position.finished, entry.step] };
  return isBack ? { ...ended, backFailure: entry.failure } : { ...ended, failure: entry.failure };
}

/** The next move of a unit at this position. */
export function nextMove(position: Position, unit: UnitSteps, rules: FailureRules): Move {
  const { direction, failure, backFailure, finished } = position;
  if (direction === 'back') {
    if (backFailure) return end('failed', { ...backFailure, reason: 'rollback_failed' });
    const step = unit.rollback.find(({ name }) => !finished.includes(name));
    return step ? { kind: 'step', step } : end('rolled-back', failure ?? laterUnitFailed);
  }
  if (failure) {
    const failed = unit.steps.find(({ name }) => name === failure.step);
    const isCancelled = failure.reason === 'cancelled';
    const nothingChanged = isCancelled
      ? isUntouched(position, unit.steps)
      : failed?.phase === 'planning' || failed?.phase === 'backing-up';
    // Whoever cancels wants nothing half-way, whatever is to happen to failures.
    return nothingChanged || (rules.onFailure === 'stop' && !isCancelled)
      ? end('failed', failure)
      : { kind: 'turn', failure };
  }
  const step = unit.steps.find(({ name }) => !finished.includes(name));
  return step ? { kind: 'step', step } : { kind: 'end', outcome: { state: 'done' } };
}

/** The position of a unit that turns back. */
export function turned(position: Position): Position {
  return { ...position, direction: 'back', finished: [], begun: null, tries: 0 };
}

const laterUnitFailed: Failure = {
  reason: 'later_unit_failed',
  step: 'rollback',
  message: 'a later unit of the deployment failed',
  details: [],
};

function end(state: 'rolled-back' | 'failed', failure: Failure): Move {
  return { kind: 'end', outcome: { state, failure } };
}
