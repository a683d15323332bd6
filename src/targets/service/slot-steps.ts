import { join } from 'node:path';
import { canonicalJson } from '../../model/digest.ts';
import { upstreamText } from '../../model/upstream.ts';
import type { Step } from '../target.ts';
import { assertSuccess, failingAs } from '../failures.ts';
import { isHealthyNow, urlOf } from './check-health.ts';
import { isQuick } from './goal.ts';
import { placeRoute } from './place-route.ts';
import { prepareProgram } from './programs-of.ts';
import { releaseOf } from './release-of.ts';
import { awaitHealthy, startSlot, stopGraceMs } from './run-slot.ts';
import { choosePort } from './slot-ports.ts';
import { socketOf } from './slot-socket.ts';
import type { SlotName } from './slots.ts';
import { upstreamOf, type Attempt, type Slot, type State } from './state-file.ts';
import { attemptOf, slotOfAttempt } from './wanted.ts';
import { unitOf, type World } from './world.ts';

const smokeTimeoutMs = 5 * 60_000;

/** From a release on the disk to a healthy idle slot. Traffic is not touched. */
export function slotSteps(world: World): readonly Step[] {
  return [
    {
      name: 'start',
      phase: 'applying',
      run: (signal) => failingAs('start_failed', signal, () => start(world, signal)),
    },
    {
      name: 'probe',
      phase: 'applying',
      run: (signal) => failingAs('unhealthy', signal, () => probe(world, signal)),
    },
    // What is switched to was smoked, and offered, when it came.
    ...(world.operation === 'switch' ? [] : [smokeStep(world), ...offerSteps(world)]),
  ];
}

function smokeStep(world: World): Step {
  return {
    name: 'smoke',
    phase: 'applying',
    run: (signal) => failingAs('smoke_failed', signal, () => smoke(world, signal)),
  };
}

/** Whoever asks for it by header or cookie sees the new slot from now on. */
function offerSteps(world: World): readonly Step[] {
  if (world.config.preview === undefined) return [];
  return [
    {
      name: 'offer',
      phase: 'applying',
      run: (signal) => failingAs('proxy_refused', signal, () => offer(world)),
    },
  ];
}

async function offer(world: World): Promise<void> {
  const { name, slot, attempt } = await slotOfAttempt(world);
  if (attempt.unchanged) return;
  await world.ports.proxy.offer?.(world.route, name, upstreamOf(slot));
}

async function start(world: World, signal: AbortSignal): Promise<void> {
  await placeRoute(world);
  const state = await world.state.read();
  const attempt = attemptOf(world, state);
  const { slot: name, version, unchanged, warm } = attempt;
  const slot = state.slots[name];
  if (
    slot !== null &&
    (unchanged || (warm && (await isHealthyNow(world, { name, slot }, signal))))
  ) {
    await keepConfig(world, state, name, slot);
    world.progress(`slot ${name}: ${version} is warm`);
    return;
  }
  // It was warm when this was planned, and died since: it is started and proved like a new one.
  if (warm) await world.state.change({ attempt: { ...attempt, warm: false } });
  await startAnew(world, state, attempt);
}

/** What does not change the program is in force from now on, though it is not started anew. */
async function keepConfig(world: World, state: State, name: SlotName, slot: Slot): Promise<void> {
  const { config, operation } = world;
  if (operation === 'switch' || canonicalJson(slot.config) === canonicalJson(config)) return;
  await world.state.change({ slots: { ...state.slots, [name]: { ...slot, config } } });
}

async function startAnew(
  world: World,
  state: State,
  { slot: name, version }: Attempt,
): Promise<void> {
  const { ports, config, operation } = world;
  // The older program ends before the slot is said to hold the new one: what runs in a slot is what it says.
  await ports.init.stop(unitOf(world, name), stopGraceMs);
  await releaseOf(world, version).noteUse(ports.clock.now());
  const entry = await entryFor(world, state, name, version);
  const isChosen = !config.socket && config.ports[name] === 0;
  await world.state.change({
    slots: { ...state.slots, [name]: entry },
    ports: isChosen ? { ...state.ports, [name]: entry.port } : state.ports,
    staged: state.staged === name && operation !== 'switch' ? null : state.staged,
  });
  world.progress(`slot ${name}: starting ${version} on ${upstreamText(upstreamOf(entry))}`);
  await startSlot(world, name, entry);
}

/** What the slot holds from now on; a switch takes what it held as it was. */
async function entryFor(
  world: World,
  state: State,
  name: SlotName,
  version: string,
): Promise<Slot> {
  const { sha, config, params, operation } = world;
  const held = operation === 'switch' && state.slots[name]?.sha === sha ? state.slots[name] : null;
  const { tree } = releaseOf(world, version);
  const fresh = held ?? { sha, version, tree, config, params };
  if (config.socket) return { ...fresh, port: 0, socket: socketOf(world, name) };
  return { ...fresh, port: await choosePort(name, config.ports[name], state), socket: null };
}

async function probe(world: World, signal: AbortSignal): Promise<void> {
  const { name, slot, attempt } = await slotOfAttempt(world);
  if (!isProved(world, attempt)) await awaitHealthy(world, name, slot, signal);
}

/** Nobody waits for probes of what has run here all the time. */
function isProved(world: World, { unchanged, warm }: Attempt): boolean {
  return unchanged || (warm && isQuick(world));
}

async function smoke(world: World, signal: AbortSignal): Promise<void> {
  const { smoke: command } = world.config;
  const { name, slot, attempt } = await slotOfAttempt(world);
  if (command === undefined || isProved(world, attempt)) return;
  world.progress(`smoke: ${command[0]}`);
  const { port, socket } = slot;
  const place = { slot: { name, port, socket }, url: urlOf(slot) };
  const program = await prepareProgram(world, slot, command, place);
  const log = join(world.paths.state, 'logs', `${unitOf(world, name)}.smoke.log`);
  const spec = { ...program, log, timeoutMs: smokeTimeoutMs };
  const result = await world.ports.programs.run(spec, signal);
  assertSuccess(`smoke (${command.join(' ')})`, 'smoke_failed', result);
}
