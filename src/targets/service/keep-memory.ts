import { newWindow, observe, type HealthRule, type HealthWindow } from './health-window.ts';

/** What one look showed of a slot's program. */
export interface SlotSeen {
  readonly running: boolean;
  readonly pid: number | null;
  /** Exit code or signal name of its last end, where known. */
  readonly ended: number | string | null;
  /** `unasked`: only a slot that has the traffic, or may get it at once, is asked. */
  readonly answer: 'good' | 'bad' | 'unasked';
  /** What was asked and what came back; empty where it was good or not asked. */
  readonly why: string;
}

/** What is kept of a slot from one look to the next. Times in ms. */
export interface SlotMemory {
  /** The program that was seen last. */
  readonly pid: number | null;
  readonly window: HealthWindow;
  /** Restarts in a row without a long healthy time between. */
  readonly restarts: number;
  readonly restartedAt: number | null;
  /** First look at the program that runs now, or that was just started. */
  readonly since: number;
  /** Since when it is seen not to run. */
  readonly downSince: number | null;
  /** Since when every look was good. */
  readonly goodSince: number | null;
}

export interface KeepRules extends HealthRule {
  /** So long a program may take to its first good answer. */
  readonly deadline: number;
  /** `false`: programs are left alone, and only the route is mended. */
  readonly enabled: boolean;
  /** Before the second restart in a row; doubled for each further one. */
  readonly initial: number;
  /** The longest pause; healthy for so long, the count begins anew. */
  readonly max: number;
  readonly fallback: boolean;
  /** The init starts an ended program again by itself: it gets so long before it is helped; 0 where it does not. */
  readonly graceMs: number;
}

/** Nothing is known of it: a program that an earlier agent left may be starting still. */
export function newMemory(now: number): SlotMemory {
  return {
    pid: null,
    window: newWindow(true),
    restarts: 0,
    restartedAt: null,
    since: now,
    downSince: null,
    goodSince: null,
  };
}

/** The memory after one more look. */
export function remember(
  before: SlotMemory,
  seen: SlotSeen,
  rules: KeepRules,
  now: number,
): SlotMemory {
  const memory = withProgram(before, seen, now);
  if (!seen.running) return { ...memory, downSince: memory.downSince ?? now, goodSince: null };
  const { answer } = seen;
  const window =
    answer === 'unasked' ? memory.window : observe(memory.window, answer === 'good', rules);
  if (answer === 'bad') return { ...memory, window, downSince: null, goodSince: null };
  const goodSince = memory.goodSince ?? now;
  const restarts = now - goodSince >= rules.max ? 0 : memory.restarts;
  return { ...memory, window, downSince: null, goodSince, restarts };
}

/** Another program than before was started by the host's own init: what the one before did is not its fault. */
function withProgram(memory: SlotMemory, { running, pid }: SlotSeen, now: number): SlotMemory {
  if (!running || pid === null || pid === memory.pid) return memory;
  if (memory.pid === null) return { ...memory, pid };
  return { ...memory, pid, window: newWindow(true), since: now, goodSince: null };
}

/** The memory after the keeper started it again. */
export function restarted(memory: SlotMemory, now: number): SlotMemory {
  return { ...newMemory(now), restarts: memory.restarts + 1, restartedAt: now };
}

/** When the next restart may be: at once at first, then after longer and longer pauses. */
export function mayRestartAt({ restarts, restartedAt }: SlotMemory, rules: KeepRules): number {
  if (restartedAt === null || restarts === 0) return 0;
  return restartedAt + Math.min(rules.max, rules.initial * 2 ** Math.min(restarts - 1, 30));
}
