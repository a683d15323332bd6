import { admittedRefs, judgeReachable } from '../../policy/refs.ts';
import { findPlace } from '../find-place.ts';
import { fixCommit, type FixedCommit } from '../fix-commit.ts';
import { requestJob, type GoalFinder, type JobRequest } from '../request-job.ts';
import type { AppWorld } from '../world.ts';

/** `/deploy <env> [ref|@sha]` */
export async function deploy(request: JobRequest, world: AppWorld): Promise<void> {
  await requestJob(request, commitOf(request, world), world);
}

function commitOf(
  { command, event }: JobRequest,
  { github, repository }: AppWorld,
): GoalFinder<FixedCommit> {
  const { defaultBranch } = repository;
  const { environment, ref, sha } = command;
  const pull = event.isPull ? event.issue : null;
  return {
    find: () => fixCommit({ environment, ref, sha, pull, defaultBranch, at: event.at }, github),

    async judge(commit, { config }) {
      const admitted = admittedRefs(config.environments[environment]?.require.refs, defaultBranch);
      const foundOn = await findPlace(commit, admitted, github);
      return [judgeReachable({ environment, sha: commit.sha, foundOn, admitted })];
    },
  };
}
