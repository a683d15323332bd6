import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { syncFolder } from '../../disk/sync-folder.ts';
import { writeAtomically } from '../../disk/write-atomically.ts';
import type { Upstream } from '../../model/upstream.ts';
import type { ProxyStatus } from '../../ports/proxy.ts';
import { readCanary } from './canary.ts';
import { countConnections } from './connections.ts';
import { letConnect, placeFor, pointTo, targetOf } from './links.ts';
import { readText, type RouteFolder } from './route-folder.ts';

/** Between two counts of a slot that drains. */
const drainPauseMs = 25;

/** What a route's links say of its traffic, and what the kernel says of the requests under way. */
export async function readTraffic(
  files: RouteFolder,
): Promise<Pick<ProxyStatus, 'slot' | 'upstream' | 'active' | 'canary' | 'maintenance'>> {
  const [target, canary, maintenance] = await Promise.all([
    targetOf(files.current),
    readCanary(files),
    readText(files.maintenance),
  ]);
  // A program that was started again has made its socket anew.
  if (target) await letConnect(target);
  return {
    slot: target?.slot ?? null,
    upstream: target?.upstream ?? null,
    active: await countActive(files),
    canary,
    maintenance,
  };
}

/** Resolves when the slot has no connection any more, or the time is over; nothing is closed. */
export async function awaitQuiet(
  files: RouteFolder,
  slot: string,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<void> {
  const target = await targetOf(join(files.known, slot));
  if (!target) return;
  const deadline = Date.now() + timeoutMs;
  // Twice, since a request that came just before the switch may be about to be passed on.
  for (let quiet = 0; quiet < 2 && Date.now() < deadline;) {
    quiet = (await countConnections(target.upstream)) === 0 ? quiet + 1 : 0;
    await setTimeout(drainPauseMs, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
}

/** Tells where a slot without the traffic is found; a slot that has the traffic stays known. */
export async function offerSlot(
  files: RouteFolder,
  slot: string,
  upstream: Upstream | null,
): Promise<void> {
  const known = join(files.known, slot);
  if (upstream) await pointTo(known, await placeFor(files, { slot, upstream }));
  else if ((await targetOf(files.current))?.slot !== slot) await rm(known, { force: true });
}

/** The proxy tells people the text of this file for as long as it is there. */
export async function keepMaintenance(
  { folder, maintenance }: RouteFolder,
  text: string | null,
): Promise<void> {
  if (text !== null) return await writeAtomically(maintenance, text, 0o644);
  await rm(maintenance, { force: true });
  await syncFolder(folder);
}

async function countActive(files: RouteFolder): Promise<Record<string, number>> {
  const slots = await readdir(files.known).catch(() => []);
  const counts = slots.map(async (slot) => {
    const target = await targetOf(join(files.known, slot));
    return target ? [[slot, await countConnections(target.upstream)] as const] : [];
  });
  return Object.fromEntries((await Promise.all(counts)).flat());
}
