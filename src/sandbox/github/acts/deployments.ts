import { deploymentJson, deploymentStatusJson } from '../json/deployment.ts';
import { ensureEnvironment } from './environments.ts';
import { nextId } from '../state/memory.ts';
import type { App, Deployment, DeploymentStatus, Repository, User } from '../state/types.ts';
import { emit } from '../webhooks/emit.ts';
import type { World } from '../world.ts';

export interface DeploymentDraft {
  readonly creator: User;
  readonly app: App | null;
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly environment: string;
  readonly payload: unknown;
  readonly description: string | null;
  readonly transient: boolean;
  readonly production: boolean;
}

export function addDeployment(
  world: World,
  repository: Repository,
  draft: DeploymentDraft,
): Deployment {
  const now = world.now();
  const deployment: Deployment = {
    id: nextId(world.state),
    ...draft,
    originalEnvironment: draft.environment,
    createdAt: now,
    updatedAt: now,
    statuses: [],
  };
  repository.deployments.push(deployment);
  ensureEnvironment(world, repository, draft.environment);
  const payload = {
    deployment: deploymentJson(world, repository, deployment),
    workflow: null,
    workflow_run: null,
  };
  emit(world, {
    name: 'deployment',
    action: 'created',
    repository,
    sender: draft.creator,
    payload,
  });
  return deployment;
}

export interface StatusDraft {
  readonly creator: User;
  readonly app: App | null;
  readonly state: string;
  readonly description: string;
  /** Undefined keeps the deployment's; another name renames it there, as GitHub does. */
  readonly environment: string | undefined;
  readonly environmentUrl: string;
  readonly logUrl: string;
  readonly autoInactive: boolean;
}

export function addDeploymentStatus(
  world: World,
  repository: Repository,
  deployment: Deployment,
  draft: StatusDraft,
): DeploymentStatus {
  const environment = draft.environment ?? deployment.environment;
  deployment.environment = environment;
  ensureEnvironment(world, repository, environment);
  const status = pushStatus(world, deployment, { ...draft, environment });
  if (draft.state === 'success' && draft.autoInactive)
    inactivateOlder(world, repository, deployment);
  // GitHub sends no webhook for `inactive`.
  if (draft.state !== 'inactive') emitStatus(world, repository, deployment, status);
  return status;
}

function pushStatus(
  world: World,
  deployment: Deployment,
  draft: Omit<DeploymentStatus, 'id' | 'createdAt'>,
): DeploymentStatus {
  const now = world.now();
  const { creator, app, state, description, environment, environmentUrl, logUrl } = draft;
  const status: DeploymentStatus = {
    id: nextId(world.state),
    creator,
    app,
    state,
    description,
    environment,
    environmentUrl,
    logUrl,
    createdAt: now,
  };
  deployment.statuses.push(status);
  deployment.updatedAt = now;
  return status;
}

/** Older successes of the same environment, unless they are transient or production, become inactive. */
function inactivateOlder(world: World, repository: Repository, deployment: Deployment): void {
  for (const older of repository.deployments) {
    if (older.id >= deployment.id || older.environment !== deployment.environment) continue;
    if (older.transient || older.production) continue;
    const last = older.statuses.at(-1);
    if (last?.state === 'success') pushStatus(world, older, { ...last, state: 'inactive' });
  }
}

function emitStatus(
  world: World,
  repository: Repository,
  deployment: Deployment,
  status: DeploymentStatus,
): void {
  const { log_url, ...json } = deploymentStatusJson(world, repository, deployment, status);
  const payload = {
    // An empty log_url would break GitHub's own schema of this event.
    deployment_status: log_url === '' ? json : { ...json, log_url },
    deployment: deploymentJson(world, repository, deployment),
  };
  const sender = status.creator;
  emit(world, { name: 'deployment_status', action: 'created', repository, sender, payload });
}
