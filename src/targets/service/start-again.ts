import { startSlot, stopGraceMs } from './run-slot.ts';
import { choosePort } from './slot-ports.ts';
import type { SlotName } from './slots.ts';
import type { Slot } from './state-file.ts';
import { unitOf, type World } from './world.ts';

/**
 * Starts what a slot holds once more. Where another program has taken its port meanwhile, it gets
 * another one if Sallyport chose it; rejects with `port_taken` where people did. Gives the slot as it is now.
 */
export async function startAgain(world: World, name: SlotName, slot: Slot): Promise<Slot> {
  // What is left of it may hold the port itself.
  await world.ports.init.stop(unitOf(world, name), stopGraceMs);
  const placed = slot.socket === null ? await withFreePort(world, name, slot) : slot;
  await startSlot(world, name, placed);
  return placed;
}

async function withFreePort(world: World, name: SlotName, slot: Slot): Promise<Slot> {
  const state = await world.state.read();
  const isChosen = state.ports[name] === slot.port;
  const port = await choosePort(name, isChosen ? 0 : slot.port, state);
  if (port === slot.port) return slot;
  const placed = { ...slot, port };
  await world.state.change({
    slots: { ...state.slots, [name]: placed },
    ports: { ...state.ports, [name]: port },
  });
  return placed;
}
