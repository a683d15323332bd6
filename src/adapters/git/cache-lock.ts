import { existsSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { takeLock, type HeldLock } from '../journal/file/lock.ts';
import { waitForOrphans } from './orphans.ts';

const lockName = 'sallyport.lock';
/** There while someone writes: found by the next one, it tells that the last one died in the middle. */
const busyName = 'sallyport.busy';

/**
 * Runs `work` while no other process, and no other part of this one, writes to the
 * cache. Where the last holder died in the middle, its leavings are cleared first.
 */
export async function whileLocked<T>(
  cache: string,
  signal: AbortSignal | undefined,
  work: (lastOneDied: boolean) => Promise<T>,
): Promise<T> {
  const lock = await waitForLock(join(cache, lockName), signal);
  try {
    const busy = join(cache, busyName);
    const lastOneDied = existsSync(busy);
    if (lastOneDied) await clearLeavings(cache, signal);
    await writeFile(busy, '');
    const result = await work(lastOneDied);
    await rm(busy);
    return result;
  } finally {
    await lock.release();
  }
}

async function waitForLock(path: string, signal: AbortSignal | undefined): Promise<HeldLock> {
  for (;;) {
    const lock = await takeLock(path);
    if (lock) return lock;
    await setTimeout(50, undefined, signal ? { signal } : {});
  }
}

/** Lock files and half-written packs of a git that is gone; all of them, since we alone use this cache. */
async function clearLeavings(cache: string, signal: AbortSignal | undefined): Promise<void> {
  await waitForOrphans(cache, signal);
  const names = await readdir(cache, { recursive: true });
  const leavings = names.filter(
    (name) => name !== lockName && /(\.lock|(^|\/)(tmp_[^/]*|gc\.pid))$/.test(name),
  );
  for (const name of leavings) await rm(join(cache, name), { recursive: true, force: true });
}
