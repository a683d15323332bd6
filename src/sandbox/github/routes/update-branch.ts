import { mergeInto } from '../acts/merge.ts';
import { writes } from '../auth/access.ts';
import { isAncestor } from '../git/read-commit.ts';
import type { Answer } from '../hooks.ts';
import type { Call } from '../http/call.ts';
import { ApiError } from '../http/errors.ts';
import { fieldsOf } from '../http/fields.ts';
import type { Route } from '../http/router.ts';
import { route } from '../http/router.ts';
import { issueHtml } from '../json/issue.ts';
import { pullOf } from './pull-of.ts';

/** Of an App GitHub asks for writing the contents of the head repository. */
export const updateBranchRoutes: readonly Route[] = [
  route(
    'PUT /repos/{owner}/{repo}/pulls/{pull_number}/update-branch',
    writes('contents'),
    updateBranch,
  ),
];

/** Merges the base into the head. */
async function updateBranch(call: Call): Promise<Answer> {
  const { world, repository, account: actor } = call;
  const issue = pullOf(call);
  const { head, base, headSha } = issue.pull;
  const expected = fieldsOf('PullRequest', call.body).optionalText('expected_head_sha');
  if (expected !== undefined && expected !== headSha) {
    throw new ApiError(422, 'expected head sha didn’t match current head ref.');
  }
  const from = repository.refs.get(`refs/heads/${base.branch}`) ?? '';
  if (await isAncestor(repository.directory, from, headSha)) {
    throw new ApiError(422, 'There are no new commits on the base branch.');
  }
  const message = `Merge branch '${base.branch}' into ${head.branch}`;
  const order = { actor, branch: head.branch, from, message };
  const merge = await mergeInto(world, head.repository, order);
  if (merge === undefined) throw new ApiError(422, 'merge conflict between base and head');
  const body = {
    message: 'Updating pull request branch.',
    url: issueHtml(world, repository, issue),
  };
  return { status: 202, body };
}
