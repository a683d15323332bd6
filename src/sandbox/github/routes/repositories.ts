import { accountOf } from '../auth/actor.ts';
import { reads } from '../auth/access.ts';
import { cursorPage } from '../http/cursor.ts';
import type { Answer } from '../hooks.ts';
import type { Call } from '../http/call.ts';
import type { Route } from '../http/router.ts';
import { route } from '../http/router.ts';
import { activityJson } from '../json/git.ts';
import { fullRepositoryJson } from '../json/repository.ts';
import { ok } from './answers.ts';

export const repositoryRoutes: readonly Route[] = [
  route('GET /repos/{owner}/{repo}', reads(), (call) =>
    ok(fullRepositoryJson(call.world, call.repository, accountOf(call.actor))),
  ),
  route('GET /repos/{owner}/{repo}/activity', reads('contents'), activity),
];

/** Moves of branches with the server's times, newest first. */
function activity(call: Call): Answer {
  const [ref, kind, actor] = [call.query('ref'), call.query('activity_type'), call.query('actor')];
  const full = ref === undefined || ref.startsWith('refs/') ? ref : `refs/heads/${ref}`;
  const found = call.repository.activity.filter(
    (line) =>
      (full === undefined || line.ref === full) &&
      (kind === undefined || line.kind === kind) &&
      (actor === undefined || line.actor.login.toLowerCase() === actor.toLowerCase()),
  );
  const ordered = call.query('direction') === 'asc' ? found : found.reverse();
  return cursorPage(call, call.visible(ordered), 'after', (line) => activityJson(call.world, line));
}
