import { readdir, readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { personOf, type Person } from '../person-of.ts';

/** A process of nginx that serves requests. */
export interface Worker extends Person {
  readonly pid: number;
  /** The process that started it. */
  readonly master: number;
  /** `false`: it finishes what it has, and takes nothing new. */
  readonly accepts: boolean;
}

/** nginx lets its new workers start for 100 ms before it tells the old ones to end. */
const handoverMs = 250;

/** The workers of every nginx on this host, as far as this process may see them. */
export async function listWorkers(): Promise<readonly Worker[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => workerOf(Number(pid)).catch(() => null)));
  return found.filter((worker) => worker !== null);
}

/**
 * Resolves when the workers of before a reload take nothing new: until then old and new ones accept
 * side by side. Gives up after `patienceMs`.
 */
export async function awaitHandover(before: readonly Worker[], patienceMs: number): Promise<void> {
  const known = new Set(before.map(({ pid }) => pid));
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await setTimeout(10)) {
    const now = await listWorkers();
    const reloaded = new Set(now.filter(({ pid }) => !known.has(pid)).map(({ master }) => master));
    // Other people's processes may be hidden.
    if (reloaded.size === 0) return await setTimeout(handoverMs);
    const old = now.filter(({ pid, master }) => known.has(pid) && reloaded.has(master));
    if (old.every(({ accepts }) => !accepts)) return;
  }
}

async function workerOf(pid: number): Promise<Worker | null> {
  const title = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim();
  if (!title.startsWith('nginx: worker process')) return null;
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return {
    pid,
    master: Number(/^PPid:\s*(\d+)$/m.exec(status)?.[1]),
    accepts: title === 'nginx: worker process',
    ...(await personOf(pid)),
  };
}
