import { jobIdOf } from '../../deploy/job-codec.ts';
import { goesBack } from '../../model/job.ts';
import { firstClosed } from '../../policy/gate.ts';
import { judgeEarly } from '../../policy/judge-gates.ts';
import { completedIn } from '../gates.ts';
import type { ActsWorld } from './acts-world.ts';
import type { IssueAsk } from './issue-here.ts';
import { closedBy } from './person-errors.ts';
import { viewOf } from './view-of.ts';

/**
 * Rejects where it is known already that nothing would begin: a person is told who locked it, and is
 * not kept waiting. What was asked for before stands, and is judged by the agent at its turn.
 */
export async function refuseEarly(
  ask: IssueAsk,
  world: ActsWorld,
  signal: AbortSignal,
): Promise<void> {
  const { environment, operation, sha, auto, actor, flags = {}, cause, judged } = ask;
  const { facts, deployments } = await viewOf(environment, world, signal);
  if (deployments.some(({ job }) => job.id === jobIdOf(cause))) return;
  const { environment: policy } = await world.policyNow(environment, signal);
  const views =
    world.beside?.forPeople() ?? (await (await world.reader()).refresh(signal)).environments;
  const isJudged = judged?.gates?.some(({ name, open }) => name === 'from' && open) === true;
  const closed = firstClosed(
    judgeEarly({
      at: world.clock.now(),
      policy,
      environment: facts,
      request: {
        operation,
        sha,
        auto,
        isRollback: goesBack({ operation, flags }),
        isStaged: operation === 'switch' && !goesBack({ operation, flags }),
        flags,
        authors: [],
        actor: actor.login,
        person: actor.id,
      },
      plan: null,
      approvals: [],
      voidApprovals: 0,
      completedBefore: isJudged || completedIn(policy.require.from, sha, views),
      external: {},
      host: world.host,
    }),
  );
  if (closed) throw closedBy(closed);
}
