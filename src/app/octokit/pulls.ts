import { z } from 'zod';
import { Sha } from '../../model/job.ts';
import { SallyportError } from '../../model/errors.ts';
import type { Review } from '../../policy/review.ts';
import type { PullReader, PullUpdater } from '../ports.ts';
import { orNull, type Ask } from './request.ts';

const Pull = z.object({
  state: z.string(),
  draft: z.boolean().optional(),
  user: z.object({ login: z.string() }).nullable(),
  head: z.object({
    sha: Sha,
    ref: z.string(),
    repo: z.object({ id: z.number() }).nullable(),
  }),
  base: z.object({ ref: z.string(), repo: z.object({ id: z.number() }) }),
});

const Reviews = z.array(
  z.object({
    state: z.string(),
    user: z.object({ id: z.int(), login: z.string() }).nullable(),
  }),
);
const Rule = z.object({
  type: z.string(),
  parameters: z.object({ required_approving_review_count: z.int().optional() }).optional(),
});

const pageSize = 100;
/** Of reviews; a pull request with more is read by nobody. */
const maxPages = 10;

export function readPulls(ask: Ask): PullReader & PullUpdater {
  return {
    async pull(number) {
      const { state, draft, user, head, base } = Pull.parse(
        await ask('GET /repos/{owner}/{repo}/pulls/{pull_number}', { pull_number: number }),
      );
      return {
        number,
        isOpen: state === 'open',
        isDraft: draft === true,
        author: user?.login ?? 'ghost',
        head: { sha: head.sha, branch: head.ref, repository: head.repo?.id ?? null },
        base: { repository: base.repo.id, branch: base.ref },
      };
    },

    async reviews(number) {
      const all: Review[] = [];
      for (let page = 1; page <= maxPages; page += 1) {
        const parameters = { pull_number: number, per_page: pageSize, page };
        const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews';
        const found = Reviews.parse(await ask(route, parameters));
        all.push(...found.flatMap(({ user, state }) => (user ? [{ person: user, state }] : [])));
        if (found.length < pageSize) return all;
      }
      throw new SallyportError({
        code: 'too_many_reviews',
        message: `Pull request ${number} has more than ${maxPages * pageSize} reviews`,
        hint: 'Open another pull request for the same branch.',
      });
    },

    async reviewsWanted(branch) {
      const parameters = { branch, per_page: pageSize };
      const rules = await orNull(
        ask('GET /repos/{owner}/{repo}/rules/branches/{branch}', parameters),
      );
      return z
        .array(Rule)
        .parse(rules ?? [])
        .filter(({ type }) => type === 'pull_request')
        .reduce((most, rule) => Math.max(most, countOf(rule)), 0);
    },

    async updateBranch(number, head) {
      const parameters = { pull_number: number, expected_head_sha: head };
      const route = 'PUT /repos/{owner}/{repo}/pulls/{pull_number}/update-branch';
      try {
        return (await orNull(ask(route, parameters))) !== null;
      } catch (error) {
        if (error instanceof SallyportError && error.code === 'github_refused') return false;
        throw error;
      }
    },
  };
}

function countOf({ parameters }: z.infer<typeof Rule>): number {
  return parameters?.required_approving_review_count ?? 0;
}
