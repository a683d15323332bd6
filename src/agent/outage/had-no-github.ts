import type { Job } from '../../model/job.ts';

/** The flag of a job that people on the host asked for while GitHub did not answer. */
export const withoutGithub = 'without-github';

export function hadNoGithub({ flags }: Pick<Job, 'flags'>): boolean {
  return flags[withoutGithub] === true;
}
