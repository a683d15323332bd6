import { addIssue } from '../acts/issues.ts';
import { reads, speaks } from '../auth/access.ts';
import type { Call } from '../http/call.ts';
import { notFound } from '../http/errors.ts';
import { fieldsOf } from '../http/fields.ts';
import type { Route } from '../http/router.ts';
import { route } from '../http/router.ts';
import { issueJson } from '../json/issue.ts';
import type { Issue } from '../state/types.ts';
import { created, ok } from './answers.ts';

export const issueRoutes: readonly Route[] = [
  route('POST /repos/{owner}/{repo}/issues', speaks('issues'), (call) => {
    const fields = fieldsOf('Issue', call.body);
    const draft = {
      author: call.account,
      title: fields.text('title', 256),
      body: fields.optionalText('body', 65_536) ?? null,
    };
    const issue = addIssue(call.world, call.repository, draft);
    return created(issueJson(call.world, call.repository, issue));
  }),
  route(
    'GET /repos/{owner}/{repo}/issues/{issue_number}',
    reads('issues', 'pull_requests'),
    (call) => ok(issueJson(call.world, call.repository, issueOf(call))),
  ),
];

/** The issue or pull request of the path. */
export function issueOf(call: Call): Issue {
  const number = call.number('issue_number');
  const issue = call.repository.issues.find((one) => one.number === number);
  if (!issue) throw notFound();
  return issue;
}
