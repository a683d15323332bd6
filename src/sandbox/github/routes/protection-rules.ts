import { appOf } from '../auth/actor.ts';
import { writes } from '../auth/access.ts';
import type { Answer } from '../hooks.ts';
import type { Call } from '../http/call.ts';
import { ApiError, invalid, notFound } from '../http/errors.ts';
import { fieldsOf } from '../http/fields.ts';
import type { Route } from '../http/router.ts';
import { route } from '../http/router.ts';
import { noContent } from './answers.ts';

export const protectionRuleRoutes: readonly Route[] = [
  route(
    'POST /repos/{owner}/{repo}/actions/runs/{run_id}/deployment_protection_rule',
    writes('deployments'),
    review,
  ),
];

const longestComment = 1_024;
const mostComments = 10;

function review(call: Call): Answer {
  if (!appOf(call.actor)) throw new ApiError(403, 'Only Apps review deployment protection rules.');
  const id = call.number('run_id');
  const run = call.repository.waitingRuns.find((one) => one.id === id);
  if (!run) throw notFound();
  const fields = fieldsOf('DeploymentProtectionRule', call.body);
  const state = fields.optionalText('state');
  const comment = fields.optionalText('comment', longestComment);
  const isOurs = fields.text('environment_name') === run.environment;
  if (!isOurs || run.state !== 'waiting') {
    throw invalid('DeploymentProtectionRule', 'environment_name', 'custom', 'nothing waits there');
  }
  if (state === undefined && comment === undefined) {
    throw invalid('DeploymentProtectionRule', 'comment', 'missing_field');
  }
  if (state !== undefined) {
    run.state = fields.oneOf('state', ['approved', 'rejected']) as 'approved' | 'rejected';
  } else if (run.comments.length >= mostComments) {
    throw invalid('DeploymentProtectionRule', 'comment', 'custom', 'too many comments');
  }
  if (comment !== undefined) run.comments.push(comment);
  return noContent();
}
