import type { StatusEvent } from './events.ts';
import { closingsAfter } from './closings.ts';
import { showDeployment } from './show-deployment.ts';
import type { AppWorld } from './world.ts';

/** A status of a deployment: what is ours is folded again, and shown in the command's answer. */
export async function handleDeploymentStatus(
  event: StatusEvent,
  open: () => Promise<AppWorld>,
): Promise<void> {
  if (event.task !== 'sallyport') return;
  const world = await open();
  const { deployment, state, description } = event;
  if (state === 'failure' && description) world.followUps.keepNote(deployment, description);
  await showDeployment(deployment, world, async ({ view, environment }) => {
    for (const closing of closingsAfter(view, environment, state)) {
      await world.ledger.show(closing.deployment, closing.state, closing.description);
    }
  });
}
