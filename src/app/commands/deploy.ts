import type { DeployCommand } from '../../command/command.ts';
import { findCommit, judgePlace } from '../commit-goal.ts';
import type { FixedCommit } from '../fix-commit.ts';
import { judgeRequest } from '../gate-facts.ts';
import { judgeChecksOf } from '../judge-checks.ts';
import { pullFlags, pullOf } from '../pull-flags.ts';
import { rulesOf } from '../refuse.ts';
import { requestJob, requestOf, type JobRequest } from '../request-job.ts';
import type { AppWorld } from '../world.ts';

/** `/deploy <env> [ref|@sha]` */
export async function deploy(request: JobRequest<DeployCommand>, world: AppWorld): Promise<void> {
  const { environment } = request.command;
  await requestJob<FixedCommit>(
    request,
    {
      find: () => findCommit(request, world),
      judge: async (commit, policy, reading) => [
        await judgePlace(commit, environment, policy, world),
        ...judgeRequest(environment, requestOf(request, commit.sha), policy, reading),
        await judgeChecksOf(commit.sha, rulesOf(environment, policy, 'deploy'), world),
      ],
      marks: (commit, policy) => {
        const rules = rulesOf(environment, policy, 'deploy');
        return pullFlags(pullOf(commit), commit.sha, rules, world);
      },
    },
    world,
  );
}
