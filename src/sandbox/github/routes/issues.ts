import { addIssue } from '../acts/issues.ts';
import { isPull, setPullState } from '../acts/pulls.ts';
import { reads, speaks, writes } from '../auth/access.ts';
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
  route('PATCH /repos/{owner}/{repo}/issues/{issue_number}', writes('issues'), async (call) => {
    const issue = issueOf(call);
    const fields = fieldsOf('Issue', call.body);
    issue.title = fields.optionalText('title', 256) ?? issue.title;
    issue.body = fields.optionalText('body', 65_536) ?? issue.body;
    const state = fields.optionalText('state');
    if (state === 'open' || state === 'closed') await setState(call, issue, state);
    return ok(issueJson(call.world, call.repository, issue));
  }),
];

async function setState(call: Call, issue: Issue, state: 'open' | 'closed'): Promise<void> {
  const { world, repository, account } = call;
  if (isPull(issue)) return setPullState(world, repository, issue, account, state);
  issue.state = state;
  issue.closedAt = state === 'closed' ? world.now() : null;
}

/** The issue or pull request of the path. */
export function issueOf(call: Call): Issue {
  const number = call.number('issue_number');
  const issue = call.repository.issues.find((one) => one.number === number);
  if (!issue) throw notFound();
  return issue;
}
