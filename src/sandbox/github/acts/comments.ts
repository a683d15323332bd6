import { commentJson, issueJson } from '../json/issue.ts';
import { nextId } from '../state/memory.ts';
import type { App, Comment, Issue, Reaction, Repository, User } from '../state/types.ts';
import { emit } from '../webhooks/emit.ts';
import type { World } from '../world.ts';

export interface CommentDraft {
  readonly author: User;
  readonly app: App | null;
  readonly body: string;
}

export function addComment(
  world: World,
  repository: Repository,
  issue: Issue,
  draft: CommentDraft,
): Comment {
  const now = world.now();
  const id = nextId(world.state);
  const comment: Comment = { id, issue, ...draft, createdAt: now, updatedAt: now, reactions: [] };
  repository.comments.push(comment);
  issue.updatedAt = now;
  emitComment(world, repository, comment, draft.author, 'created');
  return comment;
}

export function editComment(
  world: World,
  repository: Repository,
  comment: Comment,
  editor: User,
  body: string,
): void {
  const from = comment.body;
  comment.body = body;
  comment.updatedAt = world.now();
  const changes = { body: { from } };
  emitComment(world, repository, comment, editor, 'edited', { changes });
}

/** Adds a reaction; the same one by the same person twice is one. */
export function addReaction(
  world: World,
  comment: Comment,
  user: User,
  content: string,
): { readonly reaction: Reaction; readonly created: boolean } {
  const known = comment.reactions.find(
    (reaction) => reaction.user.id === user.id && reaction.content === content,
  );
  if (known) return { reaction: known, created: false };
  const reaction = { id: nextId(world.state), user, content, createdAt: world.now() };
  comment.reactions.push(reaction);
  return { reaction, created: true };
}

function emitComment(
  world: World,
  repository: Repository,
  comment: Comment,
  sender: User,
  action: string,
  more: Readonly<Record<string, unknown>> = {},
): void {
  const payload = {
    issue: issueJson(world, repository, comment.issue),
    comment: commentJson(world, repository, comment),
    ...more,
  };
  emit(world, { name: 'issue_comment', action, repository, sender, payload });
}
