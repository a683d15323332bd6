import type { Job } from '../model/job.ts';
import { lostJobs } from './fold-environment.ts';
import { issueJob, type Issued, type IssueWorld, type JobDraft } from './issue.ts';

/**
 * Issues anew, on top of the chain, every job that lost its place to another one. Whoever calls it,
 * and however often, each job comes to stand once. Rejects as `issueJob` does.
 */
export async function reissueLost(
  world: Omit<IssueWorld, 'reading'>,
  signal?: AbortSignal,
): Promise<readonly Issued[]> {
  const { environments } = await world.reader.refresh(signal);
  const issued: Issued[] = [];
  for (const view of environments.values()) {
    for (const { job } of lostJobs(view)) issued.push(await issueJob(draftOf(job), world, signal));
  }
  return issued;
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
