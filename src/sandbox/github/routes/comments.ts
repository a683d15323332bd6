import { addComment, addReaction, editComment } from '../acts/comments.ts';
import { appOf } from '../auth/actor.ts';
import { reads, speaks } from '../auth/access.ts';
import type { Answer } from '../hooks.ts';
import type { Call } from '../http/call.ts';
import { ApiError, notFound } from '../http/errors.ts';
import { fieldsOf } from '../http/fields.ts';
import { paged } from '../http/paging.ts';
import type { Route } from '../http/router.ts';
import { route } from '../http/router.ts';
import { commentJson } from '../json/issue.ts';
import { reactionContents, reactionJson } from '../json/reactions.ts';
import { roleIsAtLeast, roleOf } from '../state/memory.ts';
import type { Comment } from '../state/types.ts';
import { created, noContent, ok } from './answers.ts';
import { issueOf } from './issues.ts';

const see = reads('issues', 'pull_requests');
const speak = speaks('issues', 'pull_requests');
const one = '/repos/{owner}/{repo}/issues/comments/{comment_id}';
const ofIssue = '/repos/{owner}/{repo}/issues/{issue_number}/comments';

export const commentRoutes: readonly Route[] = [
  route(`GET ${ofIssue}`, see, list),
  route(`POST ${ofIssue}`, speak, (call) => {
    const draft = { author: call.account, app: appOf(call.actor), body: bodyOf(call) };
    const comment = addComment(call.world, call.repository, issueOf(call), draft);
    return created(commentJson(call.world, call.repository, comment));
  }),
  route(`GET ${one}`, see, (call) => ok(commentJson(call.world, call.repository, commentOf(call)))),
  route(`PATCH ${one}`, speak, (call) => {
    const comment = ownComment(call);
    editComment(call.world, call.repository, comment, call.account, bodyOf(call));
    return ok(commentJson(call.world, call.repository, comment));
  }),
  route(`DELETE ${one}`, speak, (call) => {
    const { comments } = call.repository;
    comments.splice(comments.indexOf(ownComment(call)), 1);
    return noContent();
  }),
  route(`GET ${one}/reactions`, see, (call) =>
    paged(call, call.visible(commentOf(call).reactions), (reaction) =>
      reactionJson(call.world, reaction),
    ),
  ),
  route(`POST ${one}/reactions`, speak, (call) => {
    const content = fieldsOf('Reaction', call.body).oneOf('content', reactionContents);
    const added = addReaction(call.world, commentOf(call), call.account, content);
    const body = reactionJson(call.world, added.reaction);
    return { status: added.created ? 201 : 200, body };
  }),
];

function list(call: Call): Promise<Answer> {
  const issue = issueOf(call);
  const since = Date.parse(call.query('since') ?? '') || 0;
  const found = call.repository.comments.filter(
    (comment) => comment.issue === issue && comment.updatedAt >= since,
  );
  return paged(call, call.visible(found), (comment) =>
    commentJson(call.world, call.repository, comment),
  );
}

function commentOf(call: Call): Comment {
  const id = call.number('comment_id');
  const comment = call.repository.comments.find((each) => each.id === id);
  if (!comment) throw notFound();
  return comment;
}

/** Only its author, or somebody with write permission, changes a comment. */
function ownComment(call: Call): Comment {
  const comment = commentOf(call);
  const mayWrite = roleIsAtLeast(roleOf(call.repository, call.account), 'write');
  if (comment.author.id !== call.account.id && !mayWrite) {
    throw new ApiError(403, 'Must have admin rights to Repository.');
  }
  return comment;
}

function bodyOf(call: Call): string {
  return fieldsOf('IssueComment', call.body).text('body', 65_536);
}
