import type { Standing } from '../policy/facts.ts';
import type { LoggedJob } from './admit.ts';

/** What people said of an environment as a whole, and nobody took back. */
export interface PeoplesWord {
  readonly lock: Standing | null;
  /** May have ended by itself: `until` says when. */
  readonly pause: Standing | null;
}

/** Of the jobs that stand, oldest first: the last word counts. */
export function foldStanding(jobs: readonly Pick<LoggedJob, 'job' | 'at'>[]): PeoplesWord {
  let lock: Standing | null = null;
  let pause: Standing | null = null;
  for (const job of jobs) {
    const { operation } = job.job;
    if (operation === 'lock') lock = standingOf(job);
    else if (operation === 'unlock' && endsWith(lock, job.job.params['pull'])) lock = null;
    else if (operation === 'pause') pause = standingOf(job);
    else if (operation === 'resume') pause = null;
  }
  return { lock, pause };
}

/** A pull request that was closed ends only the lock that was to end with it; a person ends any. */
function endsWith(lock: Standing | null, closed: string | undefined): boolean {
  return closed === undefined || lock?.pull === Number(closed);
}

function standingOf({ job, at }: Pick<LoggedJob, 'job' | 'at'>): Standing {
  const { reason = '', until, pull } = job.params;
  const end = until === undefined ? Number.NaN : Date.parse(until);
  // An end that nobody can read is none: then it holds until a person takes it back.
  return {
    by: job.actor.login,
    person: job.actor.id,
    reason,
    since: at,
    until: Number.isNaN(end) ? null : end,
    ...(pull === undefined ? {} : { pull: Number(pull) }),
  };
}
