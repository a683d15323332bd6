import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** Ends a server that leads a process group, and its workers with it, as a failing machine does. */
export async function killGroup(master: ChildProcess | null): Promise<void> {
  if (!master || master.exitCode !== null || master.signalCode !== null) return;
  const ended = once(master, 'exit');
  const group = -master.pid!;
  process.kill(group, 'SIGKILL');
  await ended;
  while (isAlive(group)) await sleep(5);
}

function isAlive(group: number): boolean {
  try {
    return process.kill(group, 0);
  } catch {
    return false;
  }
}
