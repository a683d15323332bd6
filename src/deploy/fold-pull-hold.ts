import type { EnvironmentFacts } from '../policy/facts.ts';
import { hasChanged, isGood, isStaged } from './completed.ts';
import type { DeploymentView } from './fold-deployment.ts';

type Held = EnvironmentFacts['heldByPull'];

/**
 * The pull request that an environment runs and keeps: its newest completed deployment, or one of a
 * target alone since, brought a commit of one that is on no other branch. Over when that was closed,
 * however early, or when a person unlocked the environment since. `jobs` are all that stand.
 */
export function foldPullHold(jobs: readonly DeploymentView[]): Held {
  const newest = keeperOf(jobs);
  const pull = newest?.job.flags['pull'];
  if (newest === undefined || typeof pull !== 'string') return null;
  const since = newest.endedAt ?? newest.at;
  const isOver = jobs.some(({ job, deployment, at }) => {
    if (job.operation !== 'unlock' || deployment < newest.deployment) return false;
    const { pull: closed } = job.params;
    return closed === undefined ? at >= since : closed === pull;
  });
  const { ref, actor } = newest.job;
  return isOver ? null : { pull: Number(pull), ref, by: actor.login, since };
}

/** What brought the pull request that runs there or is staged, if only with one target; `undefined` where none does. */
export function keeperOf(jobs: readonly DeploymentView[]): DeploymentView | undefined {
  // What is staged for one keeps its slot from what comes by itself, and ends no other's hold.
  const completed = jobs.filter((view) => hasChanged(view) || isStaged(view));
  const whole = completed.findLastIndex(isGood);
  return completed.slice(Math.max(0, whole)).findLast(({ job }) => 'pull' in job.flags);
}
