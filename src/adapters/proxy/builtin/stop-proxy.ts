import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { identifyProcess } from '../../journal/file/process-identity.ts';
import { proxyFiles } from './control-messages.ts';

/**
 * Ends the proxy process of a state folder, if one runs: SIGTERM, and SIGKILL when it is
 * still there after `graceMs`. Never touches another process that has its pid by now.
 */
export async function stopProxy(state: string, graceMs = 6_000): Promise<void> {
  const identity = await readIdentity(proxyFiles(state).lock);
  if (identity === null) return;
  const pid = Number.parseInt(identity, 10);
  const lives = async () => (await identifyProcess(pid)) === identity;
  if (await lives()) signal(pid, 'SIGTERM');
  const deadline = Date.now() + graceMs;
  while ((await lives()) && Date.now() < deadline) await setTimeout(20);
  if (await lives()) signal(pid, 'SIGKILL');
}

async function readIdentity(lock: string): Promise<string | null> {
  try {
    return (await readFile(lock, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
