import { isPull, type PullIssue } from '../acts/pulls.ts';
import type { Call } from '../http/call.ts';
import { notFound } from '../http/errors.ts';

/** The pull request of the path; 404 where there is none. */
export function pullOf(call: Call): PullIssue {
  const number = call.number('pull_number');
  const issue = call.repository.issues.find((each) => each.number === number);
  if (!issue || !isPull(issue)) throw notFound();
  return issue;
}
