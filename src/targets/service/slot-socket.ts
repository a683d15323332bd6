import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StepFailure } from '../target.ts';
import type { SlotName } from './slots.ts';
import { unitOf, type World } from './world.ts';

/** What the kernel takes as the address of a Unix socket, in bytes. */
const maxBytes = 107;

/** Where the program in a slot listens, where it listens on a socket: always the same place. */
export function socketOf(world: World, slot: SlotName): string {
  const folder = join(world.paths.state, 'sockets');
  const unit = unitOf(world, slot);
  const short = createHash('sha256').update(unit).digest('hex').slice(0, 16);
  const fitting = [unit, short]
    .map((name) => join(folder, `${name}.sock`))
    .find((path) => Buffer.byteLength(path) <= maxBytes);
  if (fitting !== undefined) return fitting;
  throw new StepFailure(
    'config_invalid',
    `a socket below ${world.paths.state} has a path of more than ${maxBytes} bytes`,
    ['give the agent a shorter `state` folder, or take `socket: true` away'],
  );
}

/** What an older program left there would keep the next one from listening. */
export async function clearSocket(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { force: true });
}
