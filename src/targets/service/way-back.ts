import { StepFailure } from '../target.ts';
import type { World } from './world.ts';

/** Does what may fail after the switch. Where nothing had the traffic before, its failure says so: nothing will be live. */
export async function tellingOfNoWayBack(world: World, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (thrown) {
    if (!(thrown instanceof StepFailure) || (await hasWayBack(world))) throw thrown;
    const { reason, message, details, mayPass } = thrown;
    const told = `${message}; there is no release to go back to`;
    throw new StepFailure(reason, told, details, thrown, mayPass);
  }
}

async function hasWayBack({ state, deployment }: World): Promise<boolean> {
  const { attempt } = await state.read();
  return attempt?.deployment !== deployment || attempt.unchanged || attempt.before !== null;
}
