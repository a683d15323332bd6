import { stateDraft } from '../deploy/act.ts';
import type { EnvironmentView } from '../deploy/fold-environment.ts';
import { keeperOf } from '../deploy/fold-pull-hold.ts';
import { issueJob } from '../deploy/issue.ts';
import type { Job } from '../model/job.ts';
import type { PullClosed } from './events/pull-request.ts';
import type { AppWorld } from './world.ts';

/**
 * A pull request was merged or closed: its locks end, and environments that it keeps are free again,
 * also where its deployment is still under way. Once, however often GitHub tells of it.
 */
export async function handlePullClosed(
  { number, isMerged, at, sender }: PullClosed,
  open: () => Promise<AppWorld>,
): Promise<void> {
  const world = await open();
  const { environments } = await world.reader.refresh();
  for (const view of environments.values()) {
    const source = heldFor(number, view);
    if (!source) continue;
    const { environment, sha, policy } = source;
    const draft = stateDraft({
      operation: 'unlock',
      environment,
      sha,
      policy,
      actor: sender,
      params: {
        pull: String(number),
        reason: `pull request ${number} was ${isMerged ? 'merged' : 'closed'}`,
      },
      cause: `pull:${world.repository.id}:${number}:${at}:${environment}`,
      repository: world.repository.id,
      reply: null,
    });
    await issueJob(draft, world);
  }
}

/** The job by which the pull request keeps the environment, or will; `undefined` where there is none. */
function heldFor(
  number: number,
  { deployments, facts, running, queue, lastGood }: EnvironmentView,
): Job | undefined {
  if (facts.lock?.pull === number) {
    return deployments.findLast(({ job }) => job.operation === 'lock')?.job ?? lastGood?.job;
  }
  const isHeld = facts.heldByPull?.pull === number;
  const open = [...(isHeld ? [keeperOf(deployments)] : []), running, ...queue];
  return open.find((view) => view?.job.flags['pull'] === String(number))?.job;
}
