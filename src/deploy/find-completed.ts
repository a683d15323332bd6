import { SallyportError, exitCodes } from '../model/errors.ts';
import { changesTargets } from '../model/job.ts';
import { hasChanged, isGood, isOnlyStaged } from './completed.ts';
import type { DeploymentView } from './fold-deployment.ts';
import type { EnvironmentView } from './fold-environment.ts';

/** What to type next, where people asked: in GitHub, or on a host. */
export interface RollbackHints {
  /** There is nothing to go back to. */
  readonly nothing: string;
  /** There is, but not what they named. */
  readonly other: string;
}

type Known = Pick<EnvironmentView, 'deployments' | 'lastGood' | 'previousGood'>;

/**
 * The completed deployment that a rollback goes back to: the commit before the last good one; the last
 * good one itself after a failure that left things half-way, or after a deployment of one target
 * alone; or what `to` names of all that completed here.
 */
export function findCompleted(
  name: string,
  view: Known | undefined,
  to: string | null,
  hints: RollbackHints,
): DeploymentView {
  const changing = (view?.deployments ?? []).filter(({ job }) => changesTargets(job.operation));
  const completed = changing.filter(isGood);
  if (to !== null) return findAmong(to, name, completed, hints);
  const newest = changing.findLast((one) => !isOnlyStaged(one));
  const goal = leavesLastGood(newest) ? view?.lastGood : view?.previousGood;
  if (goal) return goal;
  throw new SallyportError({
    code: 'nothing_to_roll_back_to',
    message:
      completed.length === 0
        ? `No deployment to ${name} has completed yet`
        : `Only one commit has completed on ${name}, so there is none before it`,
    hint: hints.nothing,
    exit: exitCodes.notFound,
  });
}

/** What was changed last with success, be it one target alone. */
export function newestCompleted({ deployments }: Pick<Known, 'deployments'>) {
  return deployments.findLast(hasChanged);
}

/** Whether a deployment of the commit completed there. */
export function hasCompleted({ deployments }: Pick<Known, 'deployments'>, sha: string): boolean {
  return deployments.some((view) => view.job.sha === sha && isGood(view));
}

/**
 * Whether the commit has proved itself there, for an environment that comes after (`require.from`): its
 * newest deployment that came to an end completed, and nobody went back from it since.
 */
export function hasProved(
  { deployments, facts }: Pick<EnvironmentView, 'deployments' | 'facts'>,
  sha: string,
): boolean {
  const newest = deployments.findLast(
    (view) =>
      view.job.sha === sha &&
      changesTargets(view.job.operation) &&
      (isGood(view) || view.state === 'rolled-back' || view.state === 'failed'),
  );
  const isLeft = facts.quarantined.some((each) => each.sha === sha);
  return newest?.state === 'completed' && !isLeft;
}

/** Whether something else than the last good commit may be there, at least in part. */
function leavesLastGood(newest: DeploymentView | undefined): boolean {
  if (!newest) return false;
  return newest.state === 'failed' || (newest.state === 'completed' && !isGood(newest));
}

/** What `to` names of these: a deployment's number, the first digits of a commit, or a branch or tag. */
export function findAmong(
  to: string,
  name: string,
  completed: readonly DeploymentView[],
  hints: RollbackHints,
): DeploymentView {
  const wanted = to.replace(/^[@#]/, '');
  const byNumber = completed.find(({ deployment }) => String(deployment) === wanted);
  if (byNumber) return byNumber;
  const fits = completed.filter((view) => isNamedBy(to, view));
  const commits = new Set(fits.map(({ job }) => job.sha));
  const newest = fits.at(-1);
  if (newest && commits.size === 1) return newest;
  const known = [...new Set(completed.map(({ job }) => job.sha.slice(0, 7)))].slice(-5).join(', ');
  throw new SallyportError({
    code: commits.size > 1 ? 'commit_ambiguous' : 'not_completed_here',
    message:
      commits.size > 1
        ? `${wanted} stands for several commits that completed on ${name}`
        : `${wanted} has not completed on ${name}; what has: ${known || 'nothing yet'}`,
    hint: hints.other,
    exit: exitCodes.notFound,
  });
}

/** Whether the text is the number of a deployment, or names its commit. */
export function isNamedBy(to: string, { deployment, job }: DeploymentView): boolean {
  const wanted = to.replace(/^[@#]/, '');
  const isCommit = wanted.length >= 4 && job.sha.startsWith(wanted);
  const isRef = job.operation === 'deploy' && job.ref === wanted;
  return isCommit || isRef || String(deployment) === wanted;
}
