import { findCompleted } from '../../deploy/find-completed.ts';
import type { RollbackCommand } from '../../command/command.ts';
import { openGate } from '../../policy/gate.ts';
import { givenOf } from '../../policy/resolve-params.ts';
import { judgeRequest } from '../gate-facts.ts';
import { requestJob, requestOf, type JobRequest } from '../request-job.ts';
import type { AppWorld } from '../world.ts';

/** `/rollback <env> [to]`: back to a commit that completed there, so that its ref is not asked for again. */
export async function rollback(
  request: JobRequest<RollbackCommand>,
  world: AppWorld,
): Promise<void> {
  const { environment, sha, ref } = request.command;
  const to = sha ?? ref;
  await requestJob(
    request,
    {
      async find(reading) {
        const { environments } = await reading;
        const { job } = findCompleted(environment, environments.get(environment), to, {
          nothing: `/deploy ${environment}`,
          other: `/rollback ${environment} @SHA, with a commit that completed there`,
        });
        const provenance = Promise.resolve({ gates: [], authors: job.authors });
        return { sha: job.sha, ref: job.ref, provenance, carried: givenOf(job.params) };
      },
      judge: (goal, policy, reading) => {
        const message = `Commit ${goal.sha.slice(0, 7)} completed on ${environment}`;
        const completed = openGate('completed', 'completed_here', message);
        const early = judgeRequest(environment, requestOf(request, goal.sha), policy, reading);
        return Promise.resolve([completed, ...early]);
      },
    },
    world,
  );
}
