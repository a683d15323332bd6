import { admittedRefs, judgeReachable } from '../policy/refs.ts';
import type { GateDecision } from '../policy/gate.ts';
import type { Policy } from './configuration.ts';
import { findPlace, placeInWords } from './find-place.ts';
import { fixCommit, type FixedCommit } from './fix-commit.ts';
import type { JobRequest } from './request-job.ts';
import type { AppWorld } from './world.ts';

/** The commit that a `/deploy` or a `/plan` names, fixed. */
export async function findCommit(
  { command, event }: JobRequest,
  { github, repository }: AppWorld,
): Promise<FixedCommit> {
  const { environment, ref, sha } = command;
  const { defaultBranch } = repository;
  const pull = event.isPull ? event.issue : null;
  return fixCommit({ environment, ref, sha, pull, defaultBranch, at: event.at }, github);
}

/** Whether it is where the environment admits commits from. */
export async function judgePlace(
  commit: FixedCommit,
  environment: string,
  { config }: Policy,
  { github, repository }: AppWorld,
): Promise<GateDecision> {
  const refs = config.environments[environment]?.require.refs;
  const admitted = admittedRefs(refs, repository.defaultBranch);
  const place = await findPlace(commit, admitted, github);
  const foundOn = place && placeInWords(place);
  return judgeReachable({ environment, sha: commit.sha, foundOn, admitted });
}
