import { failureOf } from '../deploy/run-steps.ts';
import type { Failure } from '../deploy/journal-entries.ts';
import type { Reason } from '../model/reason.ts';
import { asSallyportError } from '../model/errors.ts';
import { unitKey } from '../model/unit.ts';
import { StepFailure } from '../targets/target.ts';
import type { AgentListener } from './events.ts';
import type { Notebook } from './notebook.ts';
import type { Report, Spoken } from './report.ts';

export interface Refusal {
  readonly reason: Reason;
  readonly message: string;
  readonly details?: readonly string[];
}

/** Says that this host will not do a unit, and why; nothing was touched. */
export async function refuse(
  unit: Spoken,
  { reason, message, details = [] }: Refusal,
  world: {
    readonly report: Pick<Report, 'say'>;
    readonly notebook: Notebook;
    readonly on: AgentListener;
  },
): Promise<void> {
  const { deployment, target } = unit;
  await world.report.say(unit, 'failed', reason, `${target}: ${message}`);
  await world.notebook.write({ kind: 'unit-refused', deployment, unit: unitKey(unit), reason });
  world.on({ kind: 'unit-refused', deployment, unit: unitKey(unit), reason, message, details });
}

/**
 * What a unit that cannot even be planned is refused with; `null` where it is worth another try: the
 * error passes by itself, or may and there are tries left.
 */
export function refusalFor(thrown: unknown, hasTriesLeft: boolean): Failure | null {
  const passes =
    thrown instanceof StepFailure
      ? thrown.mayPass && hasTriesLeft
      : asSallyportError(thrown).next === 'retry';
  return passes ? null : failureOf('plan', thrown);
}
