import type { Job, Operation } from '../model/job.ts';
import type { DeploymentView } from './fold-deployment.ts';
import { lostJobs, type EnvironmentView } from './fold-environment.ts';
import { issueJob, patienceMs, type Issued, type IssueWorld, type JobDraft } from './issue.ts';

/**
 * Gives every job its place that an App left without one: those that lost theirs to another job are
 * issued anew on top of the chain, those that nobody bound in 20 s are bound. Whoever calls it, and
 * however often, each job comes to stand once. Jobs that are too old to start are left alone, and
 * environments with a gap wait for a person. Rejects as `issueJob` does.
 */
export async function reissueLost(
  world: Omit<IssueWorld, 'reading'>,
  signal?: AbortSignal,
): Promise<readonly Issued[]> {
  const { environments, now } = await world.reader.refresh(signal);
  const issued: Issued[] = [];
  for (const view of environments.values()) {
    if (view.gap) continue;
    const left = [...forsakenJobs(view, now), ...lostJobs(view)];
    for (const { job } of left.filter((lost) => !isTakenBack(lost, view))) {
      if (now < Date.parse(job.start_by)) issued.push(await issueJob(draftOf(job), world, signal));
    }
  }
  return issued;
}

/** Jobs that no App has bound for so long that the one that wrote them must be gone. */
function forsakenJobs(
  { deployments, unbound }: EnvironmentView,
  now: number,
): readonly DeploymentView[] {
  const standing = new Set(deployments.map(({ job }) => job.id));
  return unbound.filter(({ job, at }) => now - at >= patienceMs && !standing.has(job.id));
}

/** What people said for a time, such as a lock, is not said again after they said the contrary. */
const words: readonly (readonly Operation[])[] = [
  ['lock', 'unlock'],
  ['pause', 'resume'],
];

function isTakenBack({ job, at }: DeploymentView, { deployments }: EnvironmentView): boolean {
  const pair = words.find((operations) => operations.includes(job.operation));
  return (
    pair !== undefined &&
    deployments.some((later) => later.at > at && pair.includes(later.job.operation))
  );
}

function draftOf(job: Job): JobDraft {
  const {
    schema: _schema,
    id: _id,
    prev: _prev,
    issued: _issued,
    start_by: _startBy,
    ...draft
  } = job;
  return draft;
}
