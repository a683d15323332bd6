import { existsSync } from 'node:fs';
import { executeHere } from './execute.ts';
import { readOwner } from './owner.ts';
import { SystemdInit } from './systemd-init.ts';
import type { Scope } from './unit-facts.ts';

/** The systemd of this host. `folder` is where the units are kept. */
export async function openSystemd(scope: Scope, folder: string): Promise<SystemdInit> {
  const runtime = `/run/user/${process.getuid?.() ?? 0}`;
  const isTold = process.env['XDG_RUNTIME_DIR'] !== undefined;
  const execute = executeHere(!isTold && existsSync(runtime) ? runtime : null);
  return new SystemdInit({ scope, folder, owner: await readOwner(execute), execute });
}
