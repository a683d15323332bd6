import { issueJson } from '../json/issue.ts';
import { nextId } from '../state/memory.ts';
import type { Issue, Repository, User } from '../state/types.ts';
import { emit } from '../webhooks/emit.ts';
import type { World } from '../world.ts';

export function addIssue(
  world: World,
  repository: Repository,
  draft: { readonly author: User; readonly title: string; readonly body: string | null },
): Issue {
  const now = world.now();
  const issue: Issue = {
    id: nextId(world.state),
    number: repository.issues.length + 1,
    ...draft,
    state: 'open',
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    labels: [],
    pull: null,
  };
  repository.issues.push(issue);
  const payload = { issue: issueJson(world, repository, issue) };
  emit(world, { name: 'issues', action: 'opened', repository, sender: draft.author, payload });
  return issue;
}
