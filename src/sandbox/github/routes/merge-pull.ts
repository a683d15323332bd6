import { mergeInto } from '../acts/merge.ts';
import type { PullIssue } from '../acts/pulls.ts';
import type { Answer } from '../hooks.ts';
import type { Call } from '../http/call.ts';
import { ApiError } from '../http/errors.ts';
import { fieldsOf } from '../http/fields.ts';
import { ok } from './answers.ts';

/** Merges with a merge commit, whatever method was asked for. */
export async function mergePull(call: Call, issue: PullIssue): Promise<Answer> {
  const { pull } = issue;
  const sha = fieldsOf('PullRequest', call.body).optionalText('sha');
  if (issue.state !== 'open') throw new ApiError(405, 'Pull Request is not mergeable');
  if (sha !== undefined && sha !== pull.headSha) {
    throw new ApiError(409, 'Head branch was modified. Review and try the merge again.');
  }
  const merge = await mergeInto(call.world, call.repository, {
    actor: call.account,
    branch: pull.base.branch,
    from: pull.headSha,
    message: `Merge pull request #${issue.number} from ${pull.head.branch}\n\n${issue.title}`,
  });
  if (merge === undefined) throw new ApiError(405, 'Merge conflict');
  return ok({ sha: merge, merged: true, message: 'Pull Request successfully merged' });
}
