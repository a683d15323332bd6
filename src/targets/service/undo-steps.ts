import { StepFailure, type Step } from '../target.ts';
import { failingAs } from '../failures.ts';
import { isOnlyElsewhere, leaveNewProxy } from './place-route.ts';
import { awaitHealthy, stopGraceMs } from './run-slot.ts';
import { isSlotName, type SlotName } from './slots.ts';
import { startAgain } from './start-again.ts';
import { upstreamOf, type Attempt, type Slot } from './state-file.ts';
import { proveThroughProxy } from './traffic-steps.ts';
import { unitOf, type World } from './world.ts';

interface OldSlot {
  readonly name: SlotName;
  readonly slot: Slot;
}

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
        if (attempt !== null) await act(attempt, signal).catch(asRollbackFailure);
      }),
  });
  return [
    step('switch-back', (attempt, signal) => switchBack(world, attempt, signal)),
    step('stop-new', (attempt) => stopNew(world, attempt)),
    step('prove-old', (attempt, signal) => proveOld(world, attempt, signal)),
  ];
}

/** Why the old release did not come back matters less to the record than that it did not. */
function asRollbackFailure(thrown: unknown): never {
  if (!(thrown instanceof StepFailure) || thrown.reason === 'disk_full') throw thrown;
  throw new StepFailure('rollback_failed', thrown.message, thrown.details, thrown);
}

/** What this deployment began; `null` where it had not begun to change anything. */
async function attemptToUndo(world: World): Promise<Attempt | null> {
  const { attempt } = await world.state.read();
  if (attempt === null || attempt.deployment < world.deployment) return null;
  if (attempt.deployment === world.deployment && attempt.heal === world.heal)
    return attempt.unchanged || attempt.undone ? null : attempt;
  throw new StepFailure(
    'no_backup',
    `deployment ${attempt.deployment} has changed this service since, so ${world.deployment} cannot be undone`,
  );
}

/** The old slot is up again before traffic moves; where it cannot be, traffic stays with the new one. */
async function switchBack(world: World, attempt: Attempt, signal: AbortSignal): Promise<void> {
  const { before } = attempt;
  const { proxy } = world.ports;
  if (await isOnlyElsewhere(world)) return;
  await endTrial(world, attempt);
  if (before === null) return await leaveNobody(world, attempt);
  if ((await proxy.current(world.route))?.slot !== before.slot) {
    const old = await oldSlot(world, before);
    const upstream = old === null ? before.upstream : upstreamOf(await revive(world, old, signal));
    await proxy.switch(world.route, before.slot, upstream);
    world.progress(`slot ${before.slot} has the traffic again`);
  }
  await world.state.change({ live: isSlotName(before.slot) ? before.slot : null });
}

/** There is nothing to go back to: people are told so, rather than sent to a program that is stopped. */
async function leaveNobody(world: World, { slot }: Attempt): Promise<void> {
  const { ports, route, state } = world;
  // Nothing was put there, so nobody can have been sent there, also where the proxy cannot be asked.
  if ((await state.read()).slots[slot] === null) return;
  // The word comes first: else whoever looks on would give the traffic back to it.
  await state.change({ live: null });
  const status = await ports.proxy.current(route);
  if (status === null || status.slot === null) return;
  await ports.proxy.clear(route);
  world.progress('no release has the traffic: people are told so, with 503');
}

/** Nobody tries the new slot any more, neither by chance nor by asking for it. */
async function endTrial({ ports, route, config }: World, attempt: Attempt): Promise<void> {
  if (attempt.watched?.step === 'canary') await ports.proxy.weights(route, null);
  if (config.preview && !attempt.warm) await ports.proxy.offer?.(route, attempt.slot, null);
}

/** What was there before runs on: a slot that was warm, or staged, is so again. */
async function stopNew(world: World, attempt: Attempt): Promise<void> {
  const { slot, warm, staged } = attempt;
  if (warm) return await world.state.change({ staged });
  await world.ports.init.stop(unitOf(world, slot), stopGraceMs);
  const { slots, live } = await world.state.read();
  await world.state.change({
    slots: { ...slots, [slot]: null },
    live: live === slot ? null : live,
    staged: staged === slot ? null : staged,
  });
  world.progress(`slot ${slot} is stopped`);
}

async function proveOld(world: World, attempt: Attempt, signal: AbortSignal): Promise<void> {
  if (!(await isOnlyElsewhere(world))) {
    const old = await oldSlot(world, attempt.before);
    if (old !== null) await proveRevived(world, old, signal);
    await leaveNewProxy(world);
  }
  await world.state.change({ attempt: { ...attempt, undone: true } });
}

async function proveRevived(world: World, old: OldSlot, signal: AbortSignal): Promise<void> {
  const { ports, route } = world;
  const slot = await revive(world, old, signal);
  // Started again it may have come up elsewhere.
  await ports.proxy.switch(route, old.name, upstreamOf(slot));
  await proveThroughProxy(world, old.name, slot, signal);
}

/** The slot that had the traffic before, where Sallyport knows what it holds. */
async function oldSlot(world: World, before: Attempt['before']): Promise<OldSlot | null> {
  const name = before?.slot ?? null;
  if (!isSlotName(name)) return null;
  const slot = (await world.state.read()).slots[name];
  return slot === null ? null : { name, slot };
}

/** Starts the old slot again if its program has ended meanwhile. Gives it as it is now. */
async function revive(world: World, { name, slot }: OldSlot, signal: AbortSignal): Promise<Slot> {
  if ((await world.ports.init.status(unitOf(world, name))).running) return slot;
  world.progress(`slot ${name}: starting ${slot.version} again`);
  const started = await startAgain(world, name, slot);
  await awaitHealthy(world, name, started, signal);
  return started;
}
