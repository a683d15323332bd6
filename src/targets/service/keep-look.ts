import { isSameUpstream } from '../../model/upstream.ts';
import { asSallyportError } from '../../model/errors.ts';
import { answeringIn, look } from './check-health.ts';
import type { Seen, TrafficSeen } from './keep-decide.ts';
import type { KeepRules, SlotSeen } from './keep-memory.ts';
import { routeElsewhere } from './place-route.ts';
import { idleSlot, isSlotName, type SlotName } from './slots.ts';
import { upstreamOf, type Slot, type State } from './state-file.ts';
import { unitOf, type World } from './world.ts';

/** systemd starts an ended program again by itself; it has given up when it has not within this time. */
const systemdGraceMs = 15_000;

/** What a look showed, with what stands behind it. */
export interface Looked {
  readonly seen: Seen;
  readonly state: State;
  /** What the slot with the traffic holds. */
  readonly slot: Slot;
}

/** Looks at a service as it is now. `null` where nothing of it is known to have had traffic. */
export async function lookAround(world: World, signal: AbortSignal): Promise<Looked | null> {
  const { proxy } = world.ports;
  const [state, traffic] = await Promise.all([
    world.state.read(),
    proxy.current(world.route).catch((error: unknown) => ({ silent: asSallyportError(error) })),
  ]);
  const live = liveIn(world, state, traffic);
  const slot = live && state.slots[live];
  if (!live || !slot) return null;
  const own = await seeSlot(world, live, slot, true, signal);
  const other = isHandsOff(world, state) ? null : state.slots[idleSlot(live)];
  const mayFallBack = other !== null && hadTraffic(state, live);
  const isAsked = own.answer !== 'good' && mayFallBack;
  const seen: Seen = {
    live,
    // A deployment under way has taken the route to another proxy: there it stays until that is over.
    traffic:
      isHandsOff(world, state) && routeElsewhere(world, state) !== null
        ? { kind: 'to', slot: live, isRight: true }
        : trafficOf(traffic, live, slot),
    own,
    other: other && (await seeSlot(world, idleSlot(live), other, isAsked, signal)),
    mayFallBack,
  };
  return { seen, state, slot };
}

type Said = Awaited<ReturnType<World['ports']['proxy']['current']>> | { readonly silent: Error };

/** The slot that shall have the traffic, as it is written down, or else as the proxy says. */
function liveIn(world: World, state: State, said: Said): SlotName | null {
  const name = said !== null && 'slot' in said && isSlotName(said.slot) ? said.slot : null;
  const slot = name && state.slots[name];
  // A deployment under way moves the traffic first, and may have no room to write that down.
  const isMoved = slot !== null && isHandsOff(world, state) && isThere(said, slot);
  return isMoved ? name : (state.live ?? name);
}

/** The rules of the release that is kept, as its commit has them. */
export function rulesOf({ config }: World, slot: Slot): KeepRules {
  const { rise, fall, deadline } = slot.config.health;
  const { enabled, initial, max, fallback } = config.liveness;
  const graceMs = config.init === 'process' ? 0 : systemdGraceMs;
  return { rise, fall, deadline, enabled, initial, max, fallback, graceMs };
}

/** Whether a later deployment has begun with the other slot and not come to its end. */
function isHandsOff({ deployment }: World, { attempt }: State): boolean {
  return attempt !== null && !attempt.undone && attempt.deployment > deployment;
}

/** Whether people were served by what is in the other slot: what is only staged there has not been. */
function hadTraffic({ attempt, fell_back: fell }: State, live: SlotName): boolean {
  const other = idleSlot(live);
  if (fell?.from === other && fell.deployment === attempt?.deployment) return true;
  return attempt?.slot === live && attempt.before?.slot === other;
}

async function seeSlot(
  world: World,
  name: SlotName,
  slot: Slot,
  isAsked: boolean,
  signal: AbortSignal,
): Promise<SlotSeen> {
  const { running, pid, ended } = await world.ports.init.status(unitOf(world, name));
  if (!running || !isAsked) return { running, pid, ended, answer: 'unasked', why: '' };
  const answer = await look(world, answeringIn(slot), signal);
  signal.throwIfAborted();
  if (answer.kind === 'good') return { running, pid, ended, answer: 'good', why: '' };
  return { running, pid, ended, answer: 'bad', why: answer.why };
}

function trafficOf(status: Said, live: SlotName, slot: Slot): TrafficSeen {
  if (status === null) return { kind: 'missing' };
  if ('silent' in status) return { kind: 'silent', why: status.silent.message };
  return { kind: 'to', slot: status.slot, isRight: status.slot === live && isThere(status, slot) };
}

/** Whether the proxy sends people to where the slot listens. */
function isThere(status: Said, slot: Slot): boolean {
  if (status === null || 'silent' in status || status.upstream === null) return false;
  return isSameUpstream(status.upstream, upstreamOf(slot));
}
