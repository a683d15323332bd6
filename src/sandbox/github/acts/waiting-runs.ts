import { apiUrl } from '../json/common.ts';
import { deploymentJson } from '../json/deployment.ts';
import { nextId } from '../state/memory.ts';
import type { Deployment, Repository, User, WaitingRun } from '../state/types.ts';
import { emit } from '../webhooks/emit.ts';
import type { World } from '../world.ts';

/** A job of a workflow wants to deploy, and waits for the rules of its environment. */
export function addWaitingRun(
  world: World,
  repository: Repository,
  deployment: Deployment,
  sender: User,
): WaitingRun {
  const { environment, sha } = deployment;
  const id = nextId(world.state);
  const run: WaitingRun = { id, environment, sha, state: 'waiting', comments: [] };
  repository.waitingRuns.push(run);
  const { owner, name } = repository;
  const path = `/repos/${owner.login}/${name}/actions/runs/${id}/deployment_protection_rule`;
  const payload = {
    environment,
    event: 'push',
    deployment_callback_url: apiUrl(world, path),
    deployment: deploymentJson(world, repository, deployment),
    pull_requests: [],
  };
  const event = { name: 'deployment_protection_rule', action: 'requested', repository, sender };
  emit(world, { ...event, payload });
  return run;
}
