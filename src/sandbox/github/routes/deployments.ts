import { reads, writes } from '../auth/access.ts';
import type { Answer } from '../hooks.ts';
import type { Call } from '../http/call.ts';
import { ApiError, notFound } from '../http/errors.ts';
import { paged } from '../http/paging.ts';
import type { Route } from '../http/router.ts';
import { route } from '../http/router.ts';
import { deploymentJson } from '../json/deployment.ts';
import type { Deployment } from '../state/types.ts';
import { noContent, ok } from './answers.ts';
import { createDeployment } from './create-deployment.ts';

const all = '/repos/{owner}/{repo}/deployments';

export const deploymentRoutes: readonly Route[] = [
  route(`GET ${all}`, reads('deployments'), list),
  route(`POST ${all}`, writes('deployments'), createDeployment),
  route(`GET ${all}/{deployment_id}`, reads('deployments'), (call) =>
    ok(deploymentJson(call.world, call.repository, deploymentOf(call))),
  ),
  route(`DELETE ${all}/{deployment_id}`, writes('deployments'), remove),
];

/** Newest first, narrowed by any of GitHub's four filters. */
function list(call: Call): Promise<Answer> {
  const matches = (name: string, value: string): boolean => {
    const wanted = call.query(name);
    return wanted === undefined || wanted === 'none' || wanted === value;
  };
  const found = call.repository.deployments
    .filter(
      (deployment) =>
        matches('sha', deployment.sha) &&
        matches('ref', deployment.ref) &&
        matches('task', deployment.task) &&
        matches('environment', deployment.environment),
    )
    .reverse();
  return paged(call, call.visible(found), (deployment) =>
    deploymentJson(call.world, call.repository, deployment),
  );
}

export function deploymentOf(call: Call): Deployment {
  const id = call.number('deployment_id');
  const found = call.repository.deployments.find((one) => one.id === id);
  if (!found) throw notFound();
  return found;
}

function remove(call: Call): Answer {
  const { deployments } = call.repository;
  const deployment = deploymentOf(call);
  const active = deployment.statuses.at(-1)?.state === 'success';
  if (active && deployments.length > 1) {
    throw new ApiError(
      422,
      'We cannot delete an active deployment unless it is the only deployment in a given environment.',
    );
  }
  deployments.splice(deployments.indexOf(deployment), 1);
  return noContent();
}
