import type { Environment } from '../config/environment.ts';
import { newestOf, stateOf, type CheckFound, type CheckState } from './check-state.ts';
import { closedGate, openGate, type GateDecision } from './gate.ts';

/** A check that GitHub wants on the default branch. */
interface RequiredCheck {
  readonly name: string;
  /** The app that must have said it; `null`: any. */
  readonly app: number | null;
}

export interface ChecksFacts {
  readonly wanted: Environment['require']['checks'];
  /** What the branch's rules require; `null` where GitHub did not answer. */
  readonly required: readonly RequiredCheck[] | null;
  /** Every check run and commit status of the commit, ours left out; `null` where GitHub did not answer. */
  readonly found: readonly CheckFound[] | null;
  /** How many GitHub says there are, ours left out: more than `found` means that some were not read. */
  readonly total: number;
}

/** Checks of the commit have succeeded. What is missing, unread or unclear keeps it closed. */
export function judgeChecks({ wanted, required, found, total }: ChecksFacts): GateDecision {
  if (wanted === 'none') return openGate('checks', 'not_required', 'No check is required');
  if (found === null || (wanted === 'required' && required === null)) {
    return closedGate('checks', 'checks_unknown', 'GitHub did not tell of the checks', again);
  }
  if (found.length < total) {
    const message = `Only ${found.length} of ${total} checks of the commit could be read`;
    return closedGate('checks', 'checks_unknown', message, again);
  }
  const newest = newestOf(found);
  const names = namesOf(wanted, required ?? [], newest);
  if (names.length === 0) {
    return wanted === 'all'
      ? closedGate('checks', 'checks_missing', 'No check has run on the commit', again)
      : openGate('checks', 'not_required', 'The default branch requires no check');
  }
  const states = names.map((check) => ({ name: check.name, state: stateOfCheck(check, newest) }));
  const inState = (state: CheckState) =>
    states.filter((one) => one.state === state).map(({ name }) => name);
  for (const [state, reason, words, hint] of closing) {
    const which = inState(state);
    if (which.length > 0) {
      return closedGate('checks', reason, `${words}: ${listed(which)}`, hint);
    }
  }
  return openGate('checks', 'checks_succeeded', `Succeeded: ${listed(inState('succeeded'))}`);
}

const again = 'See the checks of the commit on GitHub, then type the command again.';

/** The worst comes first. */
const closing = [
  [
    'failed',
    'checks_failed',
    'Failed',
    'Mend them, or run them again, then type the command again.',
  ],
  ['missing', 'checks_missing', 'Have not run on this commit', again],
  ['pending', 'checks_pending', 'Still running', 'Type the command again when they are done.'],
] as const;

function namesOf(
  wanted: Exclude<ChecksFacts['wanted'], 'none'>,
  required: readonly RequiredCheck[],
  newest: readonly CheckFound[],
): readonly RequiredCheck[] {
  if (wanted === 'required') return required;
  const names = wanted === 'all' ? newest.map(({ name }) => name) : wanted;
  return [...new Set(names)].map((name) => ({ name, app: null }));
}

/** A name that several apps or suites, or a check run and a status, share: all of them count. */
function stateOfCheck({ name, app }: RequiredCheck, newest: readonly CheckFound[]): CheckState {
  const states = newest
    .filter((check) => check.name === name && (app === null || check.app === app))
    .map(stateOf);
  if (states.length === 0) return 'missing';
  return (
    states.find((state) => state === 'failed') ??
    states.find((state) => state === 'pending') ??
    'succeeded'
  );
}

function listed(names: readonly string[]): string {
  const unique = [...new Set(names)];
  return unique.length <= 5
    ? unique.join(', ')
    : `${unique.slice(0, 5).join(', ')} and ${unique.length - 5} more`;
}
