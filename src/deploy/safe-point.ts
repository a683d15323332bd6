import type { Step } from '../targets/target.ts';
import type { Direction } from './journal-entries.ts';

/** How far a unit came; a step that was cut off counts as begun. */
interface Progress {
  readonly direction: Direction;
  readonly finished: readonly string[];
  readonly begun: string | null;
}

/**
 * Whether a unit that people cancelled may stop before this step: nothing has begun that it could not
 * quietly go back from.
 */
export function isSafePoint({ direction, finished, begun }: Progress, steps: readonly Step[]) {
  const isPast = ({ name, noReturn }: Step) =>
    noReturn === true && (finished.includes(name) || begun === name);
  return direction === 'forward' && !steps.some(isPast);
}

/** Whether a unit has changed nothing yet: it may end where it stands, and nothing is to be undone. */
export function isUntouched(
  { finished, begun }: Omit<Progress, 'direction'>,
  steps: readonly Step[],
): boolean {
  const isChange = ({ name, phase }: Step) =>
    phase !== 'planning' && phase !== 'backing-up' && (finished.includes(name) || begun === name);
  return !steps.some(isChange);
}
