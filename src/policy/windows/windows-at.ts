import type { Window } from '../../config/window.ts';
import { clipSpans, mergeSpans, subtractSpans, type Span } from './spans.ts';
import { spansOfWindow } from './window-spans.ts';

const dayMs = 86_400_000;
/** How far to look ahead, in steps, in days: about five years in all. */
const stepsAhead = [8, 32, 128, 512, 1147];

export interface WindowsAnswer {
  readonly open: boolean;
  readonly reason: 'always' | 'in_window' | 'outside_windows' | 'denied';
  /** The first open instant from here on, where it is closed; `null` where none is near. */
  readonly opensAt: number | null;
  /** The first closed instant from here on, where it is open; `null` where none is near. */
  readonly closesAt: number | null;
  /** Every window that keeps it closed lets people through by command. */
  readonly manual: boolean;
  /** Of the window that decided, for people; `null` where there is none. */
  readonly timezone: string | null;
}

/**
 * Whether changes may come at an instant. A window covers `[start, end)`; a denying one wins;
 * where any window allows, all other time is closed.
 */
export function windowsAt(windows: readonly Window[], at: number): WindowsAnswer {
  const open = isOpenAt(windows, at);
  const change = windows.length === 0 ? null : nextChange(windows, at, open);
  const deciding = decidingWindows(windows, at);
  return {
    open,
    reason: reasonOf(windows, deciding, open),
    opensAt: open ? null : change,
    closesAt: open ? change : null,
    manual: !open && deciding.every(({ manual }) => manual),
    timezone: deciding[0]?.timezone ?? windows[0]?.timezone ?? null,
  };
}

function isOpenAt(windows: readonly Window[], at: number): boolean {
  return openSpans(windows, at, at + 1).length > 0;
}

/** When it is no longer as it is now. */
function nextChange(windows: readonly Window[], at: number, isOpen: boolean): number | null {
  let from = at;
  for (const days of stepsAhead) {
    const to = from + days * dayMs;
    const [first] = openSpans(windows, from, to);
    if (!isOpen && first) return first.start;
    if (isOpen && first?.start !== from) return from;
    if (isOpen && first && first.end < to) return first.end;
    from = to;
  }
  return null;
}

/** The open times between two instants. */
function openSpans(windows: readonly Window[], from: number, to: number): readonly Span[] {
  const spansOf = (kind: Window['kind']): readonly Span[] =>
    mergeSpans(
      windows.filter((one) => one.kind === kind).flatMap((one) => spansOfWindow(one, from, to)),
    );
  const isLimited = windows.some(({ kind }) => kind === 'allow');
  const allowed = isLimited ? spansOf('allow') : [{ start: from, end: to }];
  return clipSpans(subtractSpans(allowed, spansOf('deny')), from, to);
}

/** Those that keep it closed: denying ones that cover it, and where none allows, all that could. */
function decidingWindows(windows: readonly Window[], at: number): readonly Window[] {
  const denying = windows.filter((one) => one.kind === 'deny' && covers(one, at));
  const allows = windows.filter(({ kind }) => kind === 'allow');
  const allowing = allows.filter((one) => covers(one, at));
  if (denying.length > 0) return [...denying, ...(allowing.length > 0 ? [] : allows)];
  return allowing.length > 0 ? allowing : allows;
}

function covers(window: Window, at: number): boolean {
  return spansOfWindow(window, at, at + 1).length > 0;
}

function reasonOf(
  windows: readonly Window[],
  deciding: readonly Window[],
  open: boolean,
): WindowsAnswer['reason'] {
  if (windows.length === 0) return 'always';
  if (open) return 'in_window';
  return deciding.some(({ kind }) => kind === 'deny') ? 'denied' : 'outside_windows';
}
