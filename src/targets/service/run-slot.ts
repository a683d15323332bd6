import { redact } from '../../model/redact.ts';
import { loadSecrets } from '../secrets.ts';
import { StepFailure } from '../target.ts';
import { answeringIn, watch } from './check-health.ts';
import { prepareProgram } from './programs-of.ts';
import { clearSocket } from './slot-socket.ts';
import type { SlotName } from './slots.ts';
import type { Slot } from './state-file.ts';
import { supervisionOf } from './supervision-of.ts';
import { logOf, unitOf, type World } from './world.ts';

/** So much of what a program printed is told when it fails. */
const maxLines = 20;
/** From SIGTERM to SIGKILL for a program that has no traffic. */
export const stopGraceMs = 10_000;

/** Starts what a slot holds, also long after it was put there. */
export async function startSlot(world: World, name: SlotName, slot: Slot): Promise<void> {
  const place = { slot: { name, port: slot.port, socket: slot.socket } };
  if (slot.socket !== null) await clearSocket(slot.socket);
  const { command, directory, env } = await prepareProgram(world, slot, slot.config.run, place);
  await world.ports.init.start({
    name: unitOf(world, name),
    command,
    directory,
    env,
    log: logOf(world, name),
    socket: slot.socket ?? undefined,
    supervision: supervisionOf(slot),
  });
}

/** Waits until a slot is healthy. Refuses one that ends, that never gets healthy, or that is another release. */
export async function awaitHealthy(
  world: World,
  name: SlotName,
  slot: Slot,
  signal: AbortSignal,
): Promise<void> {
  const before = () => assertRunning(world, name, slot);
  const watched = { name: `slot ${name}`, starting: true, before };
  const result = await watch(world, answeringIn(slot), watched, signal);
  if (result.kind === 'healthy') return;
  await before();
  const reason = result.kind === 'stranger' ? 'wrong_version' : 'unhealthy';
  throw new StepFailure(reason, `slot ${name}: ${result.why}`, await printed(world, name, slot));
}

/** Refuses a slot whose program has ended, with the last lines that it printed. */
export async function assertRunning(world: World, name: SlotName, slot: Slot): Promise<void> {
  const { running, ended } = await world.ports.init.status(unitOf(world, name));
  if (running) return;
  const how = ended === null ? '' : ` with ${ended}`;
  const details = await printed(world, name, slot);
  throw new StepFailure('start_failed', `the program in slot ${name} ended${how}`, details);
}

/** What the program in a slot printed last, without its secrets. */
export async function printed(
  world: World,
  name: SlotName,
  slot: Slot,
): Promise<readonly string[]> {
  const secrets = await loadSecrets(world.paths.envRoot, slot.version, slot.config.env.secret);
  const lines = await world.ports.init.lines(unitOf(world, name), logOf(world, name), maxLines);
  return redact(lines.join('\n'), Object.values(secrets)).split('\n');
}
