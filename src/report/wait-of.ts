import type { Reason } from '../model/reason.ts';
import type { ReportedEnvironment, ReportedStanding, ReportedWait } from './views.ts';

/** Why the deployment in hand does not go on, as far as the ledger tells; `null` where it does, or where there is none. */
export function waitOf({ running, facts, gap }: ReportedEnvironment): ReportedWait | null {
  if (!running) return null;
  const { deployment, job } = running;
  const waiting = running.units.find(({ state, reason }) => isStopped(state) && says(reason));
  if (gap)
    return { deployment, reason: 'ledger_gap', message: 'a job before it is lost', until: null };
  if (facts.lock) return standing(deployment, 'locked', 'locked', facts.lock);
  if (!waiting) return null;
  if (waiting.reason === 'paused' && facts.pause) {
    return standing(deployment, 'paused', 'paused', facts.pause);
  }
  const words = inWords[waiting.reason] ?? waiting.reason.replaceAll('_', ' ');
  const message = `${job.sha.slice(0, 7)} ${words}`;
  return { deployment, reason: waiting.reason, message, until: null };
}

function isStopped(state: string): boolean {
  return state === 'waiting' || state === 'planned';
}

/** Reasons that say no more than that it has not begun. */
function says(reason: Reason): boolean {
  return reason !== 'none' && reason !== 'queued' && reason !== 'not_my_turn';
}

function standing(
  deployment: number,
  reason: Reason,
  what: string,
  { by, reason: why, until }: ReportedStanding,
): ReportedWait {
  const message = `${what} by ${by}${why === '' ? '' : `: ${why}`}`;
  return { deployment, reason, message, until };
}

const inWords: Partial<Record<Reason, string>> = {
  awaiting_approval: 'waits for an approval',
  breaking_change: 'breaks something and waits for an approval',
  window_closed: 'waits for a window',
  wait_timer: "waits for the wait timer of GitHub's environment",
  frozen: 'waits for the end of a freeze',
  held: 'waits: a host is held',
  pull_hold: 'waits: a pull request keeps the environment',
  quarantined: 'failed here before',
};
