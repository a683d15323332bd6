import type { EnvironmentFacts } from '../policy/facts.ts';
import type { DeploymentView } from './fold-deployment.ts';

type Held = EnvironmentFacts['heldByPull'];

/**
 * The pull request that an environment runs and keeps: its newest completed deployment brought a
 * commit of one that is on no other branch. Over when that was closed, however early, or when a
 * person unlocked the environment since. `jobs` are all that stand.
 */
export function foldPullHold(newest: DeploymentView | null, jobs: readonly DeploymentView[]): Held {
  const pull = newest?.job.flags['pull'];
  if (newest === null || typeof pull !== 'string') return null;
  const since = newest.endedAt ?? newest.at;
  const isOver = jobs.some(({ job, deployment, at }) => {
    if (job.operation !== 'unlock' || deployment < newest.deployment) return false;
    const { pull: closed } = job.params;
    return closed === undefined ? at >= since : closed === pull;
  });
  const { ref, actor } = newest.job;
  return isOver ? null : { pull: Number(pull), ref, by: actor.login, since };
}
