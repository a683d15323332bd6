import type { Handler } from '../src/app/handlers.ts';
import type { AppWorld } from '../src/app/world.ts';
import type { DeploymentView } from '../src/deploy/fold-deployment.ts';
import { githubStates } from '../src/model/deployment.ts';
import { follow } from './follow.ts';
import { durationInput } from './inputs.ts';
import type { Step } from './step.ts';

/**
 * Follows what a comment asked for to its end, and keeps the answers up to date: what an App does
 * when GitHub tells it of a status. Ends quietly when the time is up.
 */
export async function keepShowing(
  comment: number,
  world: AppWorld,
  showStatus: Handler,
  step: Step,
): Promise<void> {
  const timeoutMs = await durationInput(step.inputs, 'timeout');
  const cause = `comment:${world.repository.id}:${comment}:`;
  const { environments } = await world.reader.refresh();
  const asked = [...environments.values()]
    .flatMap(({ deployments }) => deployments)
    .filter(({ job }) => job.cause.startsWith(cause));
  await Promise.all(
    asked.map(async ({ deployment }) => {
      const show = (view: DeploymentView) =>
        showStatus(statusEvent(view), () => Promise.resolve(world));
      await follow(deployment, world.reader, step, timeoutMs, show);
    }),
  );
}

/** What of GitHub's event is read. */
function statusEvent({ deployment, state }: DeploymentView): unknown {
  return {
    action: 'created',
    deployment: { id: deployment, task: 'sallyport' },
    deployment_status: { state: githubStates[state] },
  };
}
