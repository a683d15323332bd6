import type { Direction, Outcome, Work } from '../deploy/journal-entries.ts';
import type { StepPhase } from '../targets/target.ts';
import { unitKey } from '../model/unit.ts';

/** How many earlier works of a unit are kept: one that goes back brings the one before it. */
const kept = 3;

/** What this host was told to run and runs since, unit by unit: what `actual` is held against. */
export class DoneWorks {
  /** By environment, then by unit; the newest last. Empty: nobody knows what is there. */
  readonly #works = new Map<string, Map<string, readonly Work[]>>();

  /** The work that stands last, of each unit of an environment. */
  of(environment: string): readonly Work[] {
    const units = this.#works.get(environment)?.values() ?? [];
    return [...units].flatMap((works) => works.slice(-1));
  }

  /** `failedIn` is the phase of the last step that failed. */
  end(work: Work, direction: Direction, outcome: Outcome, failedIn: StepPhase | null): void {
    // What was there before is in force, and is what drift is held against.
    if (outcome.state === 'done' && outcome.staged) return;
    const { environment } = work.job;
    const units = this.#works.get(environment) ?? new Map<string, readonly Work[]>();
    this.#works.set(environment, units);
    const before = units.get(unitKey(work)) ?? [];
    const others = before.filter(({ deployment }) => deployment !== work.deployment);
    if (outcome.state === 'done' && direction === 'forward') {
      units.set(unitKey(work), [...others, work].slice(-kept));
    } else if (outcome.state === 'rolled-back') {
      units.set(unitKey(work), others);
    } else if (outcome.state === 'failed' && !isBeforeChanges(failedIn)) {
      units.set(unitKey(work), []);
    }
  }
}

function isBeforeChanges(phase: StepPhase | null): boolean {
  return phase === 'planning' || phase === 'backing-up';
}
