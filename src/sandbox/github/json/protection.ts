import type { Repository, RequiredChecks } from '../state/types.ts';
import type { Json } from './common.ts';

/** Whether branch protection says anything of the branch; GitHub counts no ruleset here. */
export function isProtected(repository: Repository, branch: string): boolean {
  return contextsOf(repository, branch, 'protection').length > 0;
}

/** Branch protection as everybody sees it who may read the branch. */
export function protectionJson(repository: Repository, branch: string): Json {
  const contexts = contextsOf(repository, branch, 'protection');
  return {
    enabled: contexts.length > 0,
    required_status_checks: {
      enforcement_level: contexts.length > 0 ? 'non_admins' : 'off',
      contexts,
      checks: contexts.map((context) => ({ context, app_id: null })),
    },
  };
}

/** The active rules of rulesets for a branch. */
export function rulesJson(repository: Repository, branch: string): readonly Json[] {
  const source = {
    ruleset_source_type: 'Repository',
    ruleset_source: `${repository.owner.login}/${repository.name}`,
    ruleset_id: repository.id,
  };
  return [...checksRule(repository, branch), ...reviewsRule(repository, branch)].map((rule) => ({
    ...rule,
    ...source,
  }));
}

function checksRule(repository: Repository, branch: string): readonly Json[] {
  const contexts = contextsOf(repository, branch, 'ruleset');
  if (contexts.length === 0) return [];
  const parameters = {
    required_status_checks: contexts.map((context) => ({ context })),
    strict_required_status_checks_policy: false,
  };
  return [{ type: 'required_status_checks', parameters }];
}

function reviewsRule(repository: Repository, branch: string): readonly Json[] {
  const count = repository.requiredReviews.get(branch);
  if (count === undefined) return [];
  const parameters = {
    dismiss_stale_reviews_on_push: false,
    require_code_owner_review: false,
    require_last_push_approval: false,
    required_approving_review_count: count,
    required_review_thread_resolution: false,
  };
  return [{ type: 'pull_request', parameters }];
}

function contextsOf(repository: Repository, branch: string, by: RequiredChecks['by']): string[] {
  return repository.requiredChecks
    .filter((one) => one.branch === branch && one.by === by)
    .flatMap(({ contexts }) => contexts);
}
