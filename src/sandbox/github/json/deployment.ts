import type { Deployment, DeploymentStatus, Repository } from '../state/types.ts';
import type { World } from '../world.ts';
import { appJsonOrNull } from './app.ts';
import type { Json } from './common.ts';
import { iso, nodeId, repositoryApi } from './common.ts';
import { userJson } from './user.ts';

export function deploymentJson(world: World, repository: Repository, deployment: Deployment): Json {
  const api = repositoryApi(world, repository);
  const self = `${api}/deployments/${deployment.id}`;
  return {
    url: self,
    id: deployment.id,
    node_id: nodeId('Deployment', deployment.id),
    task: deployment.task,
    original_environment: deployment.originalEnvironment,
    environment: deployment.environment,
    description: deployment.description,
    created_at: iso(deployment.createdAt),
    updated_at: iso(deployment.updatedAt),
    statuses_url: `${self}/statuses`,
    repository_url: api,
    creator: userJson(world, deployment.creator),
    sha: deployment.sha,
    ref: deployment.ref,
    payload: deployment.payload,
    transient_environment: deployment.transient,
    production_environment: deployment.production,
    performed_via_github_app: appJsonOrNull(world, deployment.app),
  };
}

export function deploymentStatusJson(
  world: World,
  repository: Repository,
  deployment: Deployment,
  status: DeploymentStatus,
): Json {
  const api = repositoryApi(world, repository);
  const parent = `${api}/deployments/${deployment.id}`;
  return {
    url: `${parent}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId('DeploymentStatus', status.id),
    state: status.state,
    creator: userJson(world, status.creator),
    description: status.description,
    environment: status.environment,
    target_url: status.logUrl,
    created_at: iso(status.createdAt),
    updated_at: iso(status.createdAt),
    deployment_url: parent,
    repository_url: api,
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
    performed_via_github_app: appJsonOrNull(world, status.app),
  };
}
