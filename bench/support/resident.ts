import { readFile } from 'node:fs/promises';

/** What of a process is in memory, in MB (10^6 bytes). Linux only. */
export async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kib = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
  return (kib * 1024) / 1e6;
}
