import type { Environment, RefPolicy, Repository, Team, User } from '../state/types.ts';
import type { World } from '../world.ts';
import type { Json } from './common.ts';
import { apiUrl, iso, nodeId, repositoryApi, repositoryHtml } from './common.ts';
import { userJson } from './user.ts';

export function environmentJson(
  world: World,
  repository: Repository,
  environment: Environment,
): Json {
  const path = encodeURIComponent(environment.name);
  const { refs } = environment.protection;
  return {
    id: environment.id,
    node_id: nodeId('Environment', environment.id),
    name: environment.name,
    url: `${repositoryApi(world, repository)}/environments/${path}`,
    html_url: `${repositoryHtml(world, repository)}/deployments/activity_log?environments_filter=${path}`,
    created_at: iso(environment.createdAt),
    updated_at: iso(environment.createdAt),
    protection_rules: rulesJson(world, environment),
    deployment_branch_policy:
      refs === 'any'
        ? null
        : {
            protected_branches: refs === 'protected',
            custom_branch_policies: refs !== 'protected',
          },
  };
}

export function refPolicyJson({ id, name, type }: RefPolicy): Json {
  return { id, node_id: nodeId('GateBranchPolicy', id), name, type };
}

function rulesJson(world: World, { id, protection }: Environment): readonly Json[] {
  const { waitMinutes, reviewers, preventSelfReview, refs } = protection;
  const wait = { type: 'wait_timer', wait_timer: waitMinutes };
  const review = {
    type: 'required_reviewers',
    prevent_self_review: preventSelfReview,
    reviewers: reviewers.map((one) => reviewerJson(world, one)),
  };
  const rules = [
    ...(waitMinutes > 0 ? [wait] : []),
    ...(reviewers.length > 0 ? [review] : []),
    ...(refs === 'any' ? [] : [{ type: 'branch_policy' }]),
  ];
  return rules.map((rule, at) => ({
    id: id * 10 + at,
    node_id: nodeId('Gate', id * 10 + at),
    ...rule,
  }));
}

function reviewerJson(world: World, reviewer: User | Team): Json {
  return 'login' in reviewer
    ? { type: 'User', reviewer: userJson(world, reviewer) }
    : { type: 'Team', reviewer: teamJson(world, reviewer) };
}

function teamJson(world: World, { id, slug, organization }: Team): Json {
  const api = apiUrl(world, `/organizations/${organization.id}/team/${id}`);
  return {
    id,
    node_id: nodeId('Team', id),
    name: slug,
    slug,
    description: null,
    privacy: 'closed',
    permission: 'pull',
    url: api,
    html_url: `${world.url}/orgs/${organization.login}/teams/${slug}`,
    members_url: `${api}/members{/member}`,
    repositories_url: `${api}/repos`,
    type: 'organization',
    parent: null,
  };
}
