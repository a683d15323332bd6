import { readdir, readlink, realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/**
 * Waits for the git processes that a killed agent left at work in this cache: they
 * still hold their locks. Without /proc there is no way to see them.
 */
export async function waitForOrphans(cache: string, signal?: AbortSignal): Promise<void> {
  const folder = await realpath(cache);
  while (await someGitWorksIn(folder)) {
    await setTimeout(100, undefined, signal ? { signal } : {});
  }
}

async function someGitWorksIn(folder: string): Promise<boolean> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const working = await Promise.all(pids.map((pid) => isGitIn(pid, folder)));
  return working.includes(true);
}

async function isGitIn(pid: string, folder: string): Promise<boolean> {
  try {
    if ((await readlink(`/proc/${pid}/cwd`)) !== folder) return false;
    return basename(await readlink(`/proc/${pid}/exe`)).startsWith('git');
  } catch {
    return false;
  }
}
