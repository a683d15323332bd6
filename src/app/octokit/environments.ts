import { z } from 'zod';
import { SallyportError } from '../../model/errors.ts';
import type { GithubRefs, GithubReviewer, GithubRules } from '../../policy/github-rules.ts';
import type { EnvironmentReader, Repository } from '../ports.ts';
import { orNull, type Ask } from './request.ts';

const Reviewer = z.discriminatedUnion('type', [
  z.object({ type: z.literal('User'), reviewer: z.object({ id: z.int(), login: z.string() }) }),
  z.object({ type: z.literal('Team'), reviewer: z.object({ slug: z.string() }) }),
]);
/** Rules of kinds that GitHub adds later are none that could be followed here. */
const Rule = z.object({
  type: z.string(),
  wait_timer: z.int().min(0).optional(),
  prevent_self_review: z.boolean().optional(),
  reviewers: z.array(Reviewer).optional(),
});
const Environment = z.object({
  protection_rules: z.array(Rule).default([]),
  deployment_branch_policy: z
    .object({ protected_branches: z.boolean(), custom_branch_policies: z.boolean() })
    .nullish(),
});
const Policies = z.object({
  branch_policies: z.array(
    z.object({ name: z.string(), type: z.enum(['branch', 'tag']).default('branch') }),
  ),
});
const Branches = z.array(z.object({ name: z.string() }));

const pageSize = 100;

/** Reads GitHub's environments (needs `actions: read`). */
export function readEnvironments(ask: Ask, { owner }: Repository): EnvironmentReader {
  return {
    async environmentRules(name) {
      try {
        const route = 'GET /repos/{owner}/{repo}/environments/{environment_name}';
        const answer = await orNull(ask(route, { environment_name: name }));
        return answer === null ? null : await rulesOf(Environment.parse(answer), name, ask, owner);
      } catch (error) {
        if (error instanceof SallyportError && error.code === 'github_refused') return 'unread';
        throw error;
      }
    },
  };
}

async function rulesOf(
  { protection_rules: rules, deployment_branch_policy: policy }: z.infer<typeof Environment>,
  name: string,
  ask: Ask,
  owner: string,
): Promise<GithubRules> {
  return {
    reviewers: rules
      .flatMap(({ reviewers }) => reviewers ?? [])
      .map((one) => ofReviewer(one, owner)),
    preventSelfReview: rules.some((rule) => rule.prevent_self_review === true),
    waitMinutes: Math.max(0, ...rules.map(({ wait_timer }) => wait_timer ?? 0)),
    refs: policy ? await refsOf(policy.custom_branch_policies, name, ask) : null,
  };
}

function ofReviewer(one: z.infer<typeof Reviewer>, organization: string): GithubReviewer {
  if (one.type === 'Team') return { kind: 'team', organization, slug: one.reviewer.slug };
  return { kind: 'user', id: one.reviewer.id, login: one.reviewer.login };
}

/** Custom patterns, or the names of the protected branches. What was not read admits nothing. */
async function refsOf(isCustom: boolean, name: string, ask: Ask): Promise<GithubRefs> {
  if (!isCustom) {
    const route = 'GET /repos/{owner}/{repo}/branches';
    const found = Branches.parse(await ask(route, { protected: true, per_page: pageSize }));
    return { branches: found.map((branch) => branch.name), tags: [] };
  }
  const route =
    'GET /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies';
  const { branch_policies: all } = Policies.parse(
    await ask(route, { environment_name: name, per_page: pageSize }),
  );
  const namesOf = (type: 'branch' | 'tag') =>
    all.filter((one) => one.type === type).map(({ name: pattern }) => pattern);
  return { branches: namesOf('branch'), tags: namesOf('tag') };
}
