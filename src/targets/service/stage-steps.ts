import { failingAs } from '../failures.ts';
import type { Step } from '../target.ts';
import { assertRunning } from './run-slot.ts';
import { slotOfAttempt } from './wanted.ts';
import type { World } from './world.ts';

/** Leaves the healthy idle slot to a person, who switches to it. */
export function stageSteps(world: World): readonly Step[] {
  return [
    {
      name: 'stage',
      phase: 'applying',
      run: (signal) => failingAs('start_failed', signal, () => stage(world)),
    },
  ];
}

async function stage(world: World): Promise<void> {
  const { name, slot, attempt } = await slotOfAttempt(world);
  if (attempt.unchanged) return;
  await assertRunning(world, name, slot);
  await world.state.change({ staged: name });
  world.progress(`slot ${name} is staged: ${slot.version}; traffic stays where it is`);
}
