import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { SallyportError } from '../../../model/errors.ts';

/** A process as `/proc` shows it. */
export interface ProcessFacts {
  readonly pid: number;
  /** Process group and session. */
  readonly group: number;
  /** Clock ticks from boot to its start: with the pid and the boot id it names a process for ever. */
  readonly start: number;
}

/** The kernel's id of this boot; start times mean nothing across boots. */
export function bootId(): string {
  if (!existsSync('/proc/sys/kernel/random/boot_id')) {
    throw new SallyportError({
      code: 'no_proc',
      message: '`init: process` finds its programs through /proc, which this system does not have',
      hint: 'run the agent on Linux',
    });
  }
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/** A living process; `null` for one that is gone, or a zombie all of whose threads have ended. */
export function readProcess(pid: number): ProcessFacts | null {
  try {
    return parseStat(pid, readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return null;
  }
}

/** Every living process but this one. */
export function listProcesses(): readonly ProcessFacts[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid)
    .map(readProcess)
    .filter((facts) => facts !== null);
}

/** Whether a process was started with `NAME=value` in its environment. Other users' processes never are. */
export function hasInEnvironment(pid: number, entry: string): boolean {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
    return environment.split('\0').includes(entry);
  } catch {
    return false;
  }
}

/**
 * `pid (name) state ppid pgrp session …`; the name may hold spaces and brackets. Field 20 is the number of
 * threads, 22 the start time. A killed process is a zombie as soon as its first thread has ended; until the
 * others have, its ports are still taken.
 */
function parseStat(pid: number, stat: string): ProcessFacts | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const isDead = (fields[0] === 'Z' && Number(fields[17]) <= 1) || fields[0] === 'X';
  return isDead ? null : { pid, group: Number(fields[2]), start: Number(fields[19]) };
}
