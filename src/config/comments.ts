import { z } from 'zod';
import { section } from './later.ts';
import { RelativePath } from './words.ts';

/** How Sallyport talks in pull requests. */
export const Comments = section({
  bots: z
    .array(z.string().min(1).max(100))
    .default([])
    .describe(
      'Bots whose comments may hold commands: `renovate[bot]`. All others are passed over.',
    ),
  labels: z
    .boolean()
    .default(false)
    .describe('A pull request carries `deployed: ENV` where it runs.'),
  templates: section({
    deployment: RelativePath.optional().describe('Of the answer to a command that deploys.'),
    refusal: RelativePath.optional().describe('Of the answer where a command is refused.'),
  })
    .prefault({})
    .describe('Markdown files of the default branch with {{names}}; data only, no code.'),
}).describe('How Sallyport talks in pull requests.');
export type Comments = z.output<typeof Comments>;
