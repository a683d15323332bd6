import { wallTime, type Freeze } from '../config/window.ts';
import { instantOf, isoIn } from '../model/timezone.ts';
import type { GateFacts } from './facts.ts';
import { closedGate, openGate, type GateDecision } from './gate.ts';
import type { Span } from './windows/spans.ts';

/** Nothing changes in a freeze, `[from, to)`, people's deployments neither; rollbacks may. */
export function judgeFreezes({ policy, environment, request, at }: GateFacts): GateDecision {
  const { name } = environment;
  const last = lastOfFreezes(policy.freezes, at);
  if (!last) return openGate('freezes', 'not_frozen', `${name} is not frozen`);
  if (request.isRollback) {
    return openGate('freezes', 'rollback', 'A rollback waits for no freeze to end');
  }
  const { timezone, reason } = last.freeze;
  const until = isoIn(timezone, last.end);
  const why = reason === '' ? '' : `: ${reason}`;
  const decision = closedGate(
    'freezes',
    'frozen',
    `${name} is frozen until ${until}${why}`,
    'It goes on by itself when the freeze ends; a rollback is possible now.',
    last.end,
  );
  return { ...decision, timezone };
}

/** The freeze with which a row of freezes ends that overlap or touch; `null` where it is free. */
function lastOfFreezes(
  freezes: readonly Freeze[],
  at: number,
): { readonly freeze: Freeze; readonly end: number } | null {
  const spans = freezes.map((freeze) => ({ freeze, ...spanOf(freeze) }));
  let [last, end]: [Freeze | null, number] = [null, at];
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    if (span.start <= end && span.end > end) [last, end] = [span.freeze, span.end];
  }
  return last === null ? null : { freeze: last, end };
}

function spanOf({ from, to, timezone }: Freeze): Span {
  return { start: instantOf(timezone, wallTime(from)), end: instantOf(timezone, wallTime(to)) };
}
