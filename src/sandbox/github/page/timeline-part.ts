import { roleOf, roleIsAtLeast } from '../state/memory.ts';
import type { Activity, Comment, Issue, Repository, User } from '../state/types.ts';
import type { Html } from './html.ts';
import { markup } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { author, avatar, commitLink, moment, reactions } from './parts.ts';

interface Entry {
  readonly at: number;
  readonly shown: Html;
}

/** The description, then comments and pushes in the order of their times. */
export function timelinePart(repository: Repository, issue: Issue, base: string): Html {
  const comments = repository.comments.filter((comment) => comment.issue === issue);
  const entries = [
    ...comments.map((comment) => commentEntry(repository, comment, base)),
    ...pushesOf(issue).map((line) => pushEntry(issue.pull?.head.repository ?? repository, line)),
  ].sort((a, b) => a.at - b.at);
  const description = bubble(repository, issue.author, issue.createdAt, [
    issue.body ? renderMarkdown(issue.body, base) : markup`<p class="quiet">No description.</p>`,
  ]);
  return markup`<div class="timeline">${description}${entries.map(({ shown }) => shown)}</div>`;
}

function commentEntry(repository: Repository, comment: Comment, base: string): Entry {
  const edited =
    comment.updatedAt > comment.createdAt && markup` · edited ${moment(comment.updatedAt)}`;
  const parts = [renderMarkdown(comment.body, base), reactions(comment) ?? markup``];
  const shown = markup`<div id="issuecomment-${comment.id}">
    ${bubble(repository, comment.author, comment.createdAt, parts, edited || null)}
  </div>`;
  return { at: comment.createdAt, shown };
}

function bubble(
  repository: Repository,
  user: User,
  at: number,
  content: readonly Html[],
  edited: Html | null = null,
): Html {
  const role = user.type === 'User' ? roleLabel(repository, user) : null;
  return markup`<article class="comment">
    ${avatar(user)}
    <div class="bubble">
      <header>
        <span>${author(user)} <span class="quiet">${moment(at)}${edited}</span></span>${role}
      </header>
      <div class="markdown">${content}</div>
    </div>
  </article>`;
}

function roleLabel(repository: Repository, user: User): Html | null {
  if (repository.owner.id === user.id) return markup`<span class="label">owner</span>`;
  const role = roleOf(repository, user);
  return roleIsAtLeast(role, 'write') ? markup`<span class="label">${role}</span>` : null;
}

/** What was pushed to the head since the pull request was opened. */
function pushesOf({ pull, createdAt }: Issue): readonly Activity[] {
  if (!pull) return [];
  const ref = `refs/heads/${pull.head.branch}`;
  return pull.head.repository.activity.filter(
    (line) => line.ref === ref && line.at > createdAt && line.kind !== 'branch_deletion',
  );
}

function pushEntry(repository: Repository, line: Activity): Entry {
  const verb = line.kind === 'force_push' ? 'force-pushed' : 'pushed';
  const shown = markup`<p class="event">
    <span class="dot"></span>${author(line.actor)} ${verb} ${commitLink(repository, line.after)}
    <span class="quiet">${moment(line.at)}</span>
  </p>`;
  return { at: line.at, shown };
}
