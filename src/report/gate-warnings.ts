import type { Job } from '../model/job.ts';

/**
 * What people should know of a job although no gate kept it out, in sentences: open gates that were
 * open for a reason that is no good one.
 */
export function gateWarnings(gates: Job['gates']): readonly string[] {
  return gates.flatMap(({ name, open, reason }) => {
    const words = open ? warnings[`${name} ${reason}`] : undefined;
    return words === undefined ? [] : [words];
  });
}

const warnings: Readonly<Record<string, string>> = {
  'outdated outdated': 'The base branch has commits that this pull request lacks.',
  'github github_unread':
    "The App may not read the rules of GitHub's environment, so they do not hold here (`actions: read`).",
};
