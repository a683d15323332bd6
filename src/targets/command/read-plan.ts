import type { CommandConfig, PlanFormat } from '../../config/command.ts';
import { StepFailure } from '../target.ts';
import { assertReadable, type PlanReading } from './plan-reading.ts';
import { readChanges } from './read-changes.ts';
import { readOpenTofu } from './read-opentofu.ts';
import { readPulumi } from './read-pulumi.ts';

const readers: Readonly<Record<PlanFormat, (text: string) => PlanReading>> = {
  opentofu: readOpenTofu,
  pulumi: readPulumi,
  changes: readChanges,
};

/** What the exit code of the plan program says. */
export type Verdict = 'unchanged' | 'changed' | 'ask the plan' | 'failed';

export function verdictOf(plan: CommandConfig['plan'], status: number | string): Verdict {
  const [isUnchanged, isChanged] = [plan.unchanged, plan.changed].map((codes) =>
    codes.some((code) => code === status),
  );
  if (isUnchanged && isChanged) return 'ask the plan';
  return isUnchanged ? 'unchanged' : isChanged ? 'changed' : 'failed';
}

/**
 * What would change, from the exit code and the JSON of a plan (`null` where there is none). Where
 * the two say different things, nothing is taken for granted.
 */
export function readPlan(
  target: string,
  format: PlanFormat,
  verdict: Exclude<Verdict, 'failed'>,
  text: string | null,
): PlanReading {
  const reading = text === null ? { changes: [], risks: [] } : readers[format](text);
  assertReadable(reading);
  if (reading.changes.length > 0 && verdict === 'unchanged') {
    throw new StepFailure(
      'plan_failed',
      `the exit code of the plan program means that nothing would change, its plan has ${reading.changes.length} changes`,
      ['call it with -detailed-exitcode, or name the code in `plan.changed` as well'],
    );
  }
  if (reading.changes.length > 0 || verdict !== 'changed') return reading;
  const risks = [...reading.risks, 'the plan program has changes which its plan does not name'];
  return { changes: [{ action: 'modify', resource: target, breaking: false }], risks };
}
