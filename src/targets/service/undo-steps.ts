import { StepFailure, type Step } from '../target.ts';
import { failingAs } from './failures.ts';
import { awaitHealthy, startSlot, stopGraceMs } from './run-slot.ts';
import { isSlotName } from './slots.ts';
import type { Attempt } from './state-file.ts';
import { proveThroughProxy } from './traffic-steps.ts';
import { unitOf, type World } from './world.ts';

/** Back to what had the traffic before the deployment, however far that came. */
export function undoSteps(world: World): readonly Step[] {
  const step = (
    name: string,
    act: (attempt: Attempt, signal: AbortSignal) => Promise<void>,
  ): Step => ({
    name,
    phase: 'rolling-back',
    run: (signal) =>
      failingAs('rollback_failed', signal, async () => {
        const attempt = await attemptToUndo(world);
        if (attempt !== null) await act(attempt, signal);
      }),
  });
  return [
    step('switch-back', (attempt, signal) => switchBack(world, attempt, signal)),
    step('stop-new', (attempt) => stopNew(world, attempt)),
    step('prove-old', (attempt, signal) => proveOld(world, attempt, signal)),
  ];
}

/** What this deployment began; `null` where it had not begun to change anything. */
async function attemptToUndo(world: World): Promise<Attempt | null> {
  const { attempt } = await world.state.read();
  if (attempt === null || attempt.deployment < world.deployment) return null;
  if (attempt.deployment === world.deployment)
    return attempt.unchanged || attempt.undone ? null : attempt;
  throw new StepFailure(
    'no_backup',
    `deployment ${attempt.deployment} has changed this service since, so ${world.deployment} cannot be undone`,
  );
}

async function switchBack(world: World, attempt: Attempt, signal: AbortSignal): Promise<void> {
  const { before } = attempt;
  if (before === null) return;
  const { init, proxy } = world.ports;
  const old = isSlotName(before.slot) ? (await world.state.read()).slots[before.slot] : null;
  if (old !== null && isSlotName(before.slot)) {
    if (!(await init.status(unitOf(world, before.slot))).running) {
      world.progress(`slot ${before.slot}: starting ${old.version} again`);
      await startSlot(world, before.slot, old);
      await awaitHealthy(world, before.slot, old, signal);
    }
  }
  await proxy.switch(world.route, before.slot, before.upstream);
  world.progress(`slot ${before.slot} has the traffic again`);
}

async function stopNew(world: World, attempt: Attempt): Promise<void> {
  await world.ports.init.stop(unitOf(world, attempt.slot), stopGraceMs);
  const { slots } = await world.state.read();
  await world.state.change({ slots: { ...slots, [attempt.slot]: null } });
  world.progress(`slot ${attempt.slot} is stopped`);
}

async function proveOld(world: World, attempt: Attempt, signal: AbortSignal): Promise<void> {
  const { before } = attempt;
  if (before !== null && isSlotName(before.slot)) {
    const old = (await world.state.read()).slots[before.slot];
    if (old !== null) await proveThroughProxy(world, before.slot, old, signal);
  }
  await world.state.change({ attempt: { ...attempt, undone: true } });
}
