import { z } from 'zod';
import type { CommentWriter, Reactions } from '../ports.ts';
import type { Ask } from './request.ts';

const Comment = z.object({ id: z.int() });

export function converse(ask: Ask): CommentWriter & Reactions {
  return {
    async say(issue, body) {
      const comment = await ask('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
        issue_number: issue,
        body,
        // A comment that GitHub took without telling us would be written twice.
        request: { retries: 0 },
      });
      return Comment.parse(comment).id;
    },

    async edit(comment, body) {
      await ask('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', {
        comment_id: comment,
        body,
      });
    },

    async react(comment, reaction) {
      await ask('POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions', {
        comment_id: comment,
        content: reaction,
      });
    },
  };
}
