import type { PlanCommand } from '../../command/command.ts';
import { findCommit, judgePlace } from '../commit-goal.ts';
import type { FixedCommit } from '../fix-commit.ts';
import { requestJob, type JobRequest } from '../request-job.ts';
import type { AppWorld } from '../world.ts';

/** `/plan <env> [ref|@sha]`: the hosts say what would change; the gates of a change keep nothing out. */
export async function plan(request: JobRequest<PlanCommand>, world: AppWorld): Promise<void> {
  const { environment } = request.command;
  await requestJob<FixedCommit>(
    request,
    {
      find: () => findCommit(request, world),
      judge: async (commit, policy) => [await judgePlace(commit, environment, policy, world)],
    },
    world,
  );
}
