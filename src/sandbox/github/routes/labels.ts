import { writes } from '../auth/access.ts';
import type { Answer } from '../hooks.ts';
import type { Call } from '../http/call.ts';
import { ApiError } from '../http/errors.ts';
import { fieldsOf } from '../http/fields.ts';
import type { Route } from '../http/router.ts';
import { route } from '../http/router.ts';
import { labelsJson } from '../json/label.ts';
import { ok } from './answers.ts';
import { issueOf } from './issues.ts';

const all = '/repos/{owner}/{repo}/issues/{issue_number}/labels';
const may = writes('issues', 'pull_requests');

export const labelRoutes: readonly Route[] = [
  route(`POST ${all}`, may, add),
  route(`DELETE ${all}/{name}`, may, remove),
];

function add(call: Call): Answer {
  const issue = issueOf(call);
  const names = fieldsOf('Label', call.body).texts('labels') ?? [];
  issue.labels = [...new Set([...issue.labels, ...names])];
  return ok(labelsJson(call.world, call.repository, issue));
}

function remove(call: Call): Answer {
  const issue = issueOf(call);
  const name = call.param('name');
  if (!issue.labels.includes(name)) throw new ApiError(404, 'Label does not exist');
  issue.labels = issue.labels.filter((one) => one !== name);
  return ok(labelsJson(call.world, call.repository, issue));
}
