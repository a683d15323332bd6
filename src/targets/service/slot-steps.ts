import { join } from 'node:path';
import type { Step } from '../target.ts';
import { assertSuccess, failingAs } from '../failures.ts';
import { prepareProgram } from './programs-of.ts';
import { releaseOf } from './release-of.ts';
import { awaitHealthy, startSlot, stopGraceMs } from './run-slot.ts';
import { choosePort } from './slot-ports.ts';
import type { Slot } from './state-file.ts';
import { attemptOf, isWarm, slotOfAttempt } from './wanted.ts';
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
    {
      name: 'smoke',
      phase: 'applying',
      run: (signal) => failingAs('smoke_failed', signal, () => smoke(world, signal)),
    },
  ];
}

async function start(world: World, signal: AbortSignal): Promise<void> {
  const { ports, config, params, sha, route } = world;
  await ports.proxy.ensure({ name: route, listen: config.proxy.listen });
  const state = await world.state.read();
  const { slot, version } = attemptOf(world, state);
  if (await isWarm(world, signal)) {
    world.progress(`slot ${slot}: ${version} is warm`);
    return;
  }
  // The older program ends before the slot is said to hold the new one: what runs in a slot is what it says.
  await ports.init.stop(unitOf(world, slot), stopGraceMs);
  const release = releaseOf(world, version);
  await release.noteUse(ports.clock.now());
  const port = await choosePort(slot, config.ports[slot], state);
  const entry: Slot = { sha, version, port, socket: null, tree: release.tree, config, params };
  await world.state.change({
    slots: { ...state.slots, [slot]: entry },
    ports: config.ports[slot] === 0 ? { ...state.ports, [slot]: port } : state.ports,
  });
  world.progress(`slot ${slot}: starting ${version} on port ${port}`);
  await startSlot(world, slot, entry);
}

async function probe(world: World, signal: AbortSignal): Promise<void> {
  const { name, slot, unchanged } = await slotOfAttempt(world);
  if (!unchanged) await awaitHealthy(world, name, slot, signal);
}

async function smoke(world: World, signal: AbortSignal): Promise<void> {
  const { smoke: command } = world.config;
  const { name, slot, unchanged } = await slotOfAttempt(world);
  if (command === undefined || unchanged) return;
  world.progress(`smoke: ${command[0]}`);
  const place = { slot: { name, port: slot.port }, url: `http://127.0.0.1:${slot.port}` };
  const program = await prepareProgram(world, slot, command, place);
  const log = join(world.paths.state, 'logs', `${unitOf(world, name)}.smoke.log`);
  const spec = { ...program, log, timeoutMs: smokeTimeoutMs };
  const result = await world.ports.programs.run(spec, signal);
  assertSuccess(`smoke (${command.join(' ')})`, 'smoke_failed', result);
}
