import type { DeploymentState } from '../model/deployment.ts';
import type { UnitState } from '../model/unit.ts';

/** From a state to the states that may follow it directly. A state without followers is an end. */
export type Transitions<State extends string> = Readonly<Record<State, readonly State[]>>;

export const unitTransitions: Transitions<UnitState> = {
  waiting: ['planning', 'failed'],
  planning: ['planned', 'waiting', 'failed'],
  planned: ['approved', 'backing-up', 'planning', 'waiting', 'done', 'failed'],
  approved: ['backing-up', 'planning', 'waiting', 'failed'],
  'backing-up': ['applying', 'failed'],
  applying: ['verifying', 'rolling-back', 'failed'],
  verifying: ['done', 'rolling-back', 'failed'],
  done: ['rolling-back'],
  'rolling-back': ['rolled-back', 'failed'],
  'rolled-back': [],
  failed: [],
};

export const deploymentTransitions: Transitions<DeploymentState> = {
  pending: [
    'validating',
    'planning',
    'completed',
    'rejected',
    'cancelled',
    'superseded',
    'skipped',
    'failed',
  ],
  validating: ['planning', 'pending', 'skipped', 'cancelled', 'failed'],
  planning: [
    'awaiting-approval',
    'backing-up',
    'pending',
    'completed',
    'rejected',
    'cancelled',
    'superseded',
    'skipped',
    'failed',
  ],
  'awaiting-approval': [
    'planning',
    'backing-up',
    'pending',
    'rejected',
    'cancelled',
    'superseded',
    'failed',
  ],
  'backing-up': ['applying', 'cancelled', 'failed'],
  applying: [
    'post-validating',
    'pending',
    'planning',
    'awaiting-approval',
    'rolling-back',
    'cancelled',
    'failed',
  ],
  'post-validating': [
    'completed',
    'pending',
    'planning',
    'awaiting-approval',
    'applying',
    'rolling-back',
    'cancelled',
    'failed',
  ],
  completed: ['rolling-back'],
  // A host that has not heard of a cancel yet may still begin.
  'rolling-back': ['rolled-back', 'backing-up', 'cancelled', 'failed'],
  'rolled-back': [],
  failed: [],
  rejected: [],
  cancelled: [],
  superseded: [],
  skipped: [],
};

/**
 * The shortest way from `from` to `to`, without the first state and with the last one;
 * `null` where there is none. Hosts write few records, so a log says where a unit came to, not
 * every state on its way.
 */
export function pathBetween<State extends string>(
  table: Transitions<State>,
  from: State,
  to: State,
): readonly State[] | null {
  let trails: (readonly State[])[] = table[from].map((state) => [state]);
  const seen = new Set<State>(table[from]);
  while (trails.length > 0) {
    const found = trails.find((trail) => trail.at(-1) === to);
    if (found) return found;
    trails = trails.flatMap((trail) =>
      table[trail.at(-1)!]
        .filter((next) => !seen.has(next) && seen.add(next))
        .map((next) => [...trail, next]),
    );
  }
  return null;
}
