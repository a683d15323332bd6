import type { EnvironmentView } from '../deploy/fold-environment.ts';
import type { StatusEvent } from './events/status.ts';
import { closingsAfter } from './closings.ts';
import { showDeployment } from './show-deployment.ts';
import { showTaken } from './show-taken.ts';
import type { AppWorld } from './world.ts';

/** GitHub tells of a status up to some seconds before it lists it: when to look again, in ms. */
const pausesMs = [1_000, 2_000, 4_000, 8_000];
const ends: readonly string[] = ['success', 'failure', 'error'];

/** A status of a deployment: what is ours is folded again, and shown in the command's answer. */
export async function handleDeploymentStatus(
  event: StatusEvent,
  open: () => Promise<AppWorld>,
): Promise<void> {
  if (event.task !== 'sallyport') return;
  const world = await open();
  const { deployment, state } = event;
  for (const pauseMs of [0, ...pausesMs]) {
    if (pauseMs > 0) await world.clock.sleep(pauseMs);
    // Hosts speak of themselves on what is over too.
    world.reader.hear(deployment);
    let isSeen = !ends.includes(state);
    let within: EnvironmentView | null = null;
    await showDeployment(deployment, world, async ({ view, environment }) => {
      within = environment;
      isSeen ||= view.over;
      for (const closing of closingsAfter(view, environment, state)) {
        await world.ledger.show(closing.deployment, closing.state, closing.description);
        // What was replaced cannot be rolled back any more: its button goes.
        if (closing.deployment !== deployment) await showDeployment(closing.deployment, world);
      }
    });
    if (within !== null) await showTaken(within, world);
    if (isSeen) return;
  }
}
