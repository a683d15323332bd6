import type { Job } from '../model/job.ts';

export type Origin = 'app' | 'git' | 'operator';

/** Whose word a job is: where there is no GitHub the host signs its jobs itself, for itself or for people on it. */
export function originOf({ repository, flags }: Pick<Job, 'repository' | 'flags'>): Origin {
  if (repository !== 0) return 'app';
  return flags['auto'] === true ? 'git' : 'operator';
}
