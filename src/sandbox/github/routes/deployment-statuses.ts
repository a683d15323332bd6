import { addDeploymentStatus } from '../acts/deployments.ts';
import { appOf } from '../auth/actor.ts';
import { reads, writes } from '../auth/access.ts';
import type { Answer } from '../hooks.ts';
import type { Call } from '../http/call.ts';
import { notFound } from '../http/errors.ts';
import { fieldsOf } from '../http/fields.ts';
import { paged } from '../http/paging.ts';
import type { Route } from '../http/router.ts';
import { route } from '../http/router.ts';
import { deploymentStatusJson } from '../json/deployment.ts';
import { created, ok } from './answers.ts';
import { deploymentOf } from './deployments.ts';

const all = '/repos/{owner}/{repo}/deployments/{deployment_id}/statuses';

export const deploymentStatusRoutes: readonly Route[] = [
  route(`GET ${all}`, reads('deployments'), (call) => {
    const deployment = deploymentOf(call);
    const newestFirst = [...deployment.statuses].reverse();
    return paged(call, call.visible(newestFirst), (status) =>
      deploymentStatusJson(call.world, call.repository, deployment, status),
    );
  }),
  route(`POST ${all}`, writes('deployments'), create),
  route(`GET ${all}/{status_id}`, reads('deployments'), (call) => {
    const deployment = deploymentOf(call);
    const id = call.number('status_id');
    const status = deployment.statuses.find((one) => one.id === id);
    if (!status) throw notFound();
    return ok(deploymentStatusJson(call.world, call.repository, deployment, status));
  }),
];

const states = ['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success'];

function create(call: Call): Answer {
  const deployment = deploymentOf(call);
  const fields = fieldsOf('DeploymentStatus', call.body);
  const status = addDeploymentStatus(call.world, call.repository, deployment, {
    creator: call.account,
    app: appOf(call.actor),
    state: fields.oneOf('state', states),
    description: fields.optionalText('description', 140) ?? '',
    environment: fields.optionalText('environment', 255),
    environmentUrl: fields.url('environment_url'),
    logUrl: fields.url('log_url') || fields.url('target_url'),
    autoInactive: fields.flag('auto_inactive', true),
  });
  return created(deploymentStatusJson(call.world, call.repository, deployment, status));
}
