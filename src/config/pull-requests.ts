import { z } from 'zod';
import { section } from './later.ts';
import { Patterns } from './words.ts';

/** What pull requests may be deployed from. */
export const PullRequests = section({
  forks: z
    .boolean()
    .default(false)
    .describe('Heads of forks may be deployed, too: their code runs on the hosts.'),
  drafts: z.boolean().default(false).describe('Drafts may be deployed, too.'),
  bases: Patterns.optional().describe(
    'Branches that a pull request may want to be merged into; absent: the default branch.',
  ),
  outdated: z
    .enum(['ignore', 'warn', 'refuse', 'update'])
    .default('warn')
    .describe(
      'Where the base branch has commits that the pull request lacks. `update` merges the base into it and asks for the command again.',
    ),
  review: z
    .boolean()
    .default(false)
    .describe('GitHub must show the pull request as approved by review.'),
  hold: z
    .boolean()
    .default(true)
    .describe(
      'A deployment from a pull request keeps the environment until it is merged, closed or `/unlock`ed.',
    ),
}).describe('What holds for deployments of pull requests.');
export type PullRequests = z.output<typeof PullRequests>;
