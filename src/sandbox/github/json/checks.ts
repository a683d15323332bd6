import type { CheckRun, CommitStatus, Repository } from '../state/types.ts';
import type { World } from '../world.ts';
import { appJson } from './app.ts';
import type { Json } from './common.ts';
import { iso, isoOrNull, nodeId, repositoryApi, repositoryHtml } from './common.ts';
import { userJson } from './user.ts';

export function checkRunJson(world: World, repository: Repository, run: CheckRun): Json {
  const self = `${repositoryApi(world, repository)}/check-runs/${run.id}`;
  const html = `${repositoryHtml(world, repository)}/runs/${run.id}`;
  return {
    id: run.id,
    node_id: nodeId('CheckRun', run.id),
    name: run.name,
    head_sha: run.sha,
    external_id: run.externalId,
    url: self,
    html_url: html,
    details_url: run.detailsUrl ?? html,
    status: run.status,
    conclusion: run.conclusion,
    started_at: isoOrNull(run.startedAt),
    completed_at: isoOrNull(run.completedAt),
    output: { ...run.output, annotations_count: 0, annotations_url: `${self}/annotations` },
    check_suite: { id: run.suite.id },
    app: appJson(world, run.app),
    pull_requests: [],
  };
}

/** The run as webhooks have it, with its whole suite. */
export function checkRunEventJson(world: World, repository: Repository, run: CheckRun): Json {
  const { suite } = run;
  return {
    ...checkRunJson(world, repository, run),
    check_suite: {
      id: suite.id,
      node_id: nodeId('CheckSuite', suite.id),
      head_branch: null,
      head_sha: suite.sha,
      status: run.status,
      conclusion: run.conclusion,
      url: `${repositoryApi(world, repository)}/check-suites/${suite.id}`,
      before: null,
      after: null,
      pull_requests: [],
      app: appJson(world, suite.app),
      created_at: iso(suite.createdAt),
      updated_at: iso(suite.createdAt),
    },
  };
}

export function commitStatusJson(world: World, repository: Repository, status: CommitStatus): Json {
  return {
    url: `${repositoryApi(world, repository)}/statuses/${status.sha}`,
    avatar_url: `${world.url}/avatars/u/${status.creator.id}`,
    id: status.id,
    node_id: nodeId('StatusContext', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: iso(status.createdAt),
    updated_at: iso(status.createdAt),
    creator: userJson(world, status.creator),
  };
}
