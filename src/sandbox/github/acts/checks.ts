import { appJson } from '../json/app.ts';
import { checkRunEventJson } from '../json/checks.ts';
import { nextId } from '../state/memory.ts';
import type { App, CheckRun, CheckSuite, CommitStatus, Repository } from '../state/types.ts';
import { emit } from '../webhooks/emit.ts';
import type { World } from '../world.ts';

export type CheckRunDraft = Omit<CheckRun, 'id' | 'suite' | 'app' | 'actions'> &
  Partial<Pick<CheckRun, 'actions'>>;

export function addCheckRun(
  world: World,
  repository: Repository,
  app: App,
  draft: CheckRunDraft,
): CheckRun {
  const suite = suiteOf(world, repository, app, draft.sha);
  const run: CheckRun = { id: nextId(world.state), suite, app, actions: [], ...draft };
  repository.checkRuns.push(run);
  tell(world, repository, run, run.status === 'completed' ? 'completed' : 'created');
  return run;
}

export function updateCheckRun(
  world: World,
  repository: Repository,
  run: CheckRun,
  changes: Partial<Omit<CheckRunDraft, 'sha'>>,
): void {
  const was = run.status;
  Object.assign(run, changes);
  if (run.status === 'completed' && was !== 'completed') tell(world, repository, run, 'completed');
}

/** One suite for each App and commit. */
function suiteOf(world: World, repository: Repository, app: App, sha: string): CheckSuite {
  const known = repository.checkSuites.find((suite) => suite.app === app && suite.sha === sha);
  if (known) return known;
  const suite = { id: nextId(world.state), sha, app, createdAt: world.now() };
  repository.checkSuites.push(suite);
  return suite;
}

function tell(world: World, repository: Repository, run: CheckRun, action: string): void {
  const check_run = {
    ...checkRunEventJson(world, repository, run),
    app: appJson(world, run.app),
  };
  const payload = { check_run };
  emit(world, { name: 'check_run', action, repository, sender: run.app.bot, payload });
}

export function addCommitStatus(
  world: World,
  repository: Repository,
  draft: Omit<CommitStatus, 'id' | 'createdAt'>,
): CommitStatus {
  const status = { id: nextId(world.state), ...draft, createdAt: world.now() };
  repository.statuses.push(status);
  return status;
}

/** The newest status of each context of a commit. */
export function latestStatuses(repository: Repository, sha: string): CommitStatus[] {
  const latest = new Map<string, CommitStatus>();
  for (const status of repository.statuses) {
    if (status.sha === sha) latest.set(status.context, status);
  }
  return [...latest.values()];
}
