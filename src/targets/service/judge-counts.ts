import type { SlotCounters } from '../../ports/proxy.ts';

/** When answers are too bad to go on. */
export interface CountRule {
  /** More answers of 500 and above than this fraction are too many. */
  readonly errors: number;
  /** A mean time to answer above that is too long, in ms; absent: any time will do. */
  readonly latency?: number | undefined;
  /** Without so many requests nobody can tell. */
  readonly requests: number;
}

/** What a slot has answered since somebody began to watch it. */
export interface Tally {
  /** What the proxy said last; `null`: it does not count. */
  readonly last: SlotCounters | null;
  readonly total: SlotCounters;
}

export type CountVerdict =
  | { readonly kind: 'good' }
  /** Too few requests, or nobody counts them. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'bad'; readonly why: string };

export const noCounts: SlotCounters = { requests: 0, errors: 0, durationMs: 0 };

export function startTally(counts: SlotCounters | null): Tally {
  return { last: counts, total: noCounts };
}

/** With what the proxy says now. One that began from 0 again has counted all of it since. */
export function tallyOf({ last, total }: Tally, now: SlotCounters | null): Tally {
  if (now === null) return { last, total };
  if (last === null) return { last: now, total };
  const began = hasRestarted(last, now) ? noCounts : last;
  return {
    last: now,
    total: {
      requests: total.requests + now.requests - began.requests,
      errors: total.errors + now.errors - began.errors,
      durationMs: longer(total.durationMs, began.durationMs, now.durationMs),
    },
  };
}

/** Whether what a slot answered is good enough. */
export function judgeCounts(
  rule: CountRule,
  { requests, errors, durationMs }: SlotCounters,
): CountVerdict {
  if (requests < rule.requests) return { kind: 'unknown' };
  if (errors > rule.errors * requests) {
    return {
      kind: 'bad',
      why: `${errors} of ${requests} requests failed, more than ${percent(rule.errors)}`,
    };
  }
  if (rule.latency === undefined || durationMs === null) return { kind: 'good' };
  const mean = durationMs / requests;
  if (mean <= rule.latency) return { kind: 'good' };
  return {
    kind: 'bad',
    why: `an answer took ${Math.round(mean)} ms, more than ${rule.latency} ms`,
  };
}

/** For people: `40 requests, 12 failed, 8 ms each`. */
export function countsText({ requests, errors, durationMs }: SlotCounters): string {
  const time =
    durationMs === null || requests === 0 ? '' : `, ${Math.round(durationMs / requests)} ms each`;
  return `${requests} requests, ${errors} failed${time}`;
}

function hasRestarted(last: SlotCounters, now: SlotCounters): boolean {
  return (
    now.requests < last.requests ||
    now.errors < last.errors ||
    (now.durationMs ?? 0) < (last.durationMs ?? 0)
  );
}

/** `null` as soon as it was not measured once. */
function longer(total: number | null, began: number | null, now: number | null): number | null {
  return total === null || began === null || now === null ? null : total + now - began;
}

function percent(fraction: number): string {
  return `${Number((fraction * 100).toFixed(2))}%`;
}
