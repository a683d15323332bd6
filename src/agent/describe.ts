import type { Outcome, Work } from '../deploy/journal-entries.ts';
import type { Change, TargetPlan } from '../model/plan.ts';
import type { Reason } from '../model/reason.ts';
import type { HostState } from '../model/record.ts';
import { unitStates, type UnitState } from '../model/unit.ts';

const longest = 140;

/** What people read of a record on GitHub's pages: at most 140 characters, never parsed. */
export function describeRecord(host: string, state: UnitState | HostState, said: string): string {
  return shorten(`${host} ${state}: ${said}`, longest);
}

/** What is said of a unit that begins. */
export function describeStart({ job, target }: Pick<Work, 'job' | 'target'>): string {
  return `${target} ${job.sha.slice(0, 7)}, ${job.operation} by ${job.actor.login}`;
}

/** What is said of a unit that had nothing to do. */
export function describeUnchanged({ job, target }: Pick<Work, 'job' | 'target'>): string {
  return `${target}: nothing to change at ${job.sha.slice(0, 7)}`;
}

/** What is said of a unit's plan: how many changes, and as many of them as fit. */
export function describePlan(unit: Pick<Work, 'job' | 'target'>, plan: TargetPlan): string {
  if (plan.changes.length === 0) return describeUnchanged(unit);
  // Breaking ones come first in a plan, so that what is cut off matters least.
  const named = plan.changes.map(({ action, resource }) => `${marks[action]}${resource}`);
  return `${countPlan(unit, plan)}: ${named.join(' ')}`;
}

/** A plan in numbers. */
export function countPlan(
  { job, target }: Pick<Work, 'job' | 'target'>,
  { changes, risk }: TargetPlan,
): string {
  if (changes.length === 0) return describeUnchanged({ job, target });
  const breaking = changes.filter((change) => change.breaking).length;
  const counted = changes.length === 1 ? '1 change' : `${changes.length} changes`;
  const broken = breaking === 0 ? '' : `, ${breaking} breaking`;
  return `${target} ${job.sha.slice(0, 7)}: ${counted}${broken}, risk ${risk}`;
}

const marks: Readonly<Record<Change['action'], string>> = {
  add: '+',
  modify: '~',
  remove: '-',
  rename: '→',
};

/** What is said of a unit that ended. */
export function describeEnd({ job, target }: Pick<Work, 'job' | 'target'>, end: Outcome): string {
  const short = job.sha.slice(0, 7);
  if (end.state === 'done' && end.staged) {
    // Where no GitHub is, people type at a terminal of the host.
    const word = job.repository === 0 ? 'sallyport switch' : '/switch';
    return `${target} ${short} is staged: ${word} ${job.environment} ${target} moves the traffic`;
  }
  if (end.state === 'done') return `${target} is at ${short}`;
  if (end.state === 'abandoned') return `${target}: ${end.reason}`;
  const { step, message, details } = end.failure;
  // The last line that the program wrote says more than its exit code; the others are in the log.
  return [target, step, message, ...details.slice(-1)].join(': ');
}

/** One line of at most so many UTF-16 units, whole characters only. */
function shorten(text: string, length: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= length) return line;
  let short = '';
  for (const character of line) {
    if (short.length + character.length > length - 1) break;
    short += character;
  }
  return `${short}…`;
}

/** The reason that a unit's end is written with. */
export function endReason(outcome: Outcome): Reason {
  if (outcome.state === 'done') return outcome.staged ? 'staged' : 'none';
  return outcome.state === 'abandoned' ? 'none' : outcome.failure.reason;
}

/** The state that a unit's end is written as; `null` for one that nobody speaks of. */
export function endState(outcome: Outcome): UnitState | null {
  return unitStates.find((state) => state === outcome.state) ?? null;
}
