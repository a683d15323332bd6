import type { SlotCounters } from '../../../ports/proxy.ts';
import { slotOf } from './servers.ts';

export interface ServerStat {
  readonly server: string;
  /** Requests and WebSockets under way. */
  readonly active: number;
  readonly counters: SlotCounters;
}

/** Reads what `show stat BACKEND 4 -1` says: a comma-separated table, its columns named in the first line. */
export function readStat(table: string): readonly ServerStat[] {
  const [head = '', ...lines] = table.split('\n').filter((line) => line.includes(','));
  const columns = head.replace(/^# /, '').split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    const number = (column: string) => Number(cells[columns.indexOf(column)] ?? 0);
    return {
      server: cells[columns.indexOf('svname')] ?? '',
      active: number('scur') + number('qcur'),
      counters: {
        requests: number('stot'),
        // What the program answered with 500 and above, did not accept, and broke off.
        errors: number('hrsp_5xx') + number('econ') + number('eresp'),
        // HAProxy knows averages of the last 1,024 requests only, so no sum of durations.
        durationMs: null,
      },
    };
  });
}

/** What the servers of each slot have under way together. */
export function activeBySlot(stats: readonly ServerStat[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { server, active } of stats)
    sums[slotOf(server)] = (sums[slotOf(server)] ?? 0) + active;
  return sums;
}

export function countersBySlot(stats: readonly ServerStat[]): Record<string, SlotCounters> {
  const sums: Record<string, SlotCounters> = {};
  for (const { server, counters } of stats) {
    const sum = sums[slotOf(server)] ?? { requests: 0, errors: 0, durationMs: null };
    const requests = sum.requests + counters.requests;
    sums[slotOf(server)] = { requests, errors: sum.errors + counters.errors, durationMs: null };
  }
  return sums;
}
