import { changesTargets } from '../model/job.ts';
import { isReason, type Reason } from '../model/reason.ts';
import { judgeApprovals } from './approvals.ts';
import { judgeBreaking } from './breaking.ts';
import { judgeExternal } from './external.ts';
import type { GateFacts } from './facts.ts';
import { judgeFreezes } from './freezes.ts';
import { judgeFrom } from './from.ts';
import type { GateDecision } from './gate.ts';
import { judgeHeld } from './held.ts';
import { judgeLock } from './lock.ts';
import { judgePause } from './pause.ts';
import { judgePullHold } from './pull-hold.ts';
import { judgeQuarantine } from './quarantine.ts';
import { judgeSync } from './sync.ts';
import { judgeWaitTimer } from './wait-timer.ts';
import { judgeWindows } from './windows.ts';

/**
 * What refuses for good comes first, so that nobody approves in vain. Time comes after people: they
 * approve before a window opens, and what they approved goes on by itself.
 */
const gates = [
  judgeSync,
  judgeLock,
  judgePause,
  judgePullHold,
  judgeHeld,
  judgeQuarantine,
  judgeFrom,
  judgeBreaking,
  judgeApprovals,
  judgeWaitTimer,
  judgeWindows,
  judgeFreezes,
  judgeExternal,
];

/**
 * Every gate that an agent judges, in a fixed order. What changes no target meets none.
 * `breaking` stays open until there is a plan: judge again with it.
 */
export function judgeGates(facts: GateFacts): readonly GateDecision[] {
  return changesTargets(facts.request.operation) ? gates.map((judge) => judge(facts)) : [];
}

/** What needs neither a plan nor a host: a person is told of it at once rather than kept waiting. */
const early = ['lock', 'quarantine', 'from'];

/** The gates that can be judged as early as the command. The agent judges them again at its turn. */
export function judgeEarly(facts: GateFacts): readonly GateDecision[] {
  return judgeGates(facts).filter(({ name }) => early.includes(name));
}

/** The reason code of a record that says why nothing goes on; `none` of an open gate. */
export function reasonOfGate({ open, reason }: GateDecision): Reason {
  if (open) return 'none';
  return isReason(reason) ? reason : 'gate_closed';
}

/**
 * Whether a closed gate ends what asks: a quarantined commit, and what comes by itself to an
 * environment that takes only what people say. Every other one opens some day, by itself or by
 * people, and is waited for.
 */
export function isRefusal({ open, reason }: GateDecision): boolean {
  return !open && (reason === 'quarantined' || reason === 'sync_manual');
}
