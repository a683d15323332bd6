import { setTimeout as sleep } from 'node:timers/promises';
import { SallyportError } from '../../../model/errors.ts';
import type { ProcessFacts } from './process-table.ts';

const pollMs = 20;
/** How long SIGKILL may take; longer means that the kernel cannot end it (a disk that hangs). */
const killMs = 10_000;

/**
 * Ends processes: SIGTERM, then SIGKILL to what is left after `graceMs`. `find` is asked
 * again and again, so that children that they start meanwhile end as well.
 */
export async function endProcesses(
  find: () => readonly ProcessFacts[],
  graceMs: number,
): Promise<void> {
  signalAll(find(), 'SIGTERM');
  if (await areGone(find, graceMs)) return;
  if (await areGone(find, killMs, (left) => signalAll(left, 'SIGKILL'))) return;
  throw new SallyportError({
    code: 'stop_failed',
    message: `processes ${find()
      .map(({ pid }) => pid)
      .join(', ')} did not end, not even on SIGKILL`,
    hint: 'look at them with `ps -o pid,stat,wchan,cmd`; a process in state D waits for a disk',
  });
}

/** Whether nothing is left within this time; `each` is called with what is left, again and again. */
export async function areGone(
  find: () => readonly ProcessFacts[],
  withinMs: number,
  each: (left: readonly ProcessFacts[]) => void = () => undefined,
): Promise<boolean> {
  const end = performance.now() + withinMs;
  for (;;) {
    const left = find();
    if (left.length === 0) return true;
    each(left);
    if (performance.now() >= end) return false;
    await sleep(pollMs);
  }
}

/** Sends a signal to each. */
export function signalAll(processes: readonly ProcessFacts[], signal: NodeJS.Signals): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended by itself in the meantime.
    }
  }
}
