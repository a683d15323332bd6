import { runSettling, runSteps, failureOf, type StepEvent } from '../deploy/run-steps.ts';
import type { Direction, Outcome, Work } from '../deploy/journal-entries.ts';
import type { Clock } from '../ports/clock.ts';
import type { Target } from '../targets/target.ts';
import { describeEnd, describeStart, endState } from './describe.ts';
import type { AgentListener } from './events.ts';
import { LeaseLost } from './lease-lost.ts';
import type { Notebook } from './notebook.ts';
import type { Report } from './report.ts';

/** Makes the target of a unit ready to be asked and acted on; nothing is touched by that. */
export type MakeTarget = (work: Work, progress: (text: string) => void) => Promise<Target>;

export interface RunWorld {
  readonly notebook: Notebook;
  readonly report: Pick<Report, 'say'>;
  readonly makeTarget: MakeTarget;
  readonly clock: Clock;
  readonly on: AgentListener;
  /** Whether to leave before the next step. */
  readonly isLeaving: () => boolean;
}

/** A unit whose plan is known. */
export interface Prepared {
  readonly work: Work;
  readonly target: Target;
}

/** Works on one unit at a time; everything that it does stands in the journal before and after. */
export class Run {
  readonly #world: RunWorld;
  #step = '';

  constructor(world: RunWorld) {
    this.#world = world;
  }

  /** Plans a unit: nothing is touched. Rejects as the kind does. */
  async prepare(work: Work, signal: AbortSignal): Promise<Prepared> {
    const target = await this.#make(work);
    const { digest } = await target.plan(signal);
    return { work: { ...work, plan: digest }, target };
  }

  /**
   * Begins with a unit and brings it to its end. Rejects with the signal's reason when aborted, and
   * where the journal cannot be written; `goOn` then takes it up. After a predecessor, what that
   * one left is verified first.
   */
  async begin(
    { work, target }: Prepared,
    direction: Direction,
    hasPredecessor: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const { notebook, on } = this.#world;
    const isDone =
      hasPredecessor && direction === 'forward' && (await this.#isDone(target, work, signal));
    await notebook.write({ kind: 'unit-began', work, direction });
    on({ kind: 'unit-began', work, direction, resumed: false });
    await this.#finish(isDone ? { ...target, steps: [] } : target, signal);
  }

  /** Goes on with the unit that this host has begun, wherever it stands. */
  async goOn(signal: AbortSignal): Promise<void> {
    const open = this.#world.notebook.open;
    if (!open) return;
    const { work, direction } = open;
    this.#world.on({ kind: 'unit-began', work, direction, resumed: true });
    await this.#finish(await this.#make(work), signal);
  }

  #make(work: Work): Promise<Target> {
    return this.#world.makeTarget(work, (text) =>
      this.#world.on({ kind: 'progress', work, step: this.#step, text }),
    );
  }

  async #finish(target: Target, signal: AbortSignal): Promise<void> {
    const { notebook, on } = this.#world;
    const { work, outcome } = notebook.open!;
    const ended = outcome ?? (await this.#runToItsEnd(target, signal));
    if (!ended) return;
    if (outcome === null) {
      const state = endState(ended);
      const reason = 'failure' in ended ? ended.failure.reason : 'none';
      if (state) await this.#world.report.say(work, state, reason, describeEnd(work, ended));
      await notebook.write({ kind: 'unit-ended', outcome: ended });
      on({ kind: 'unit-ended', work, outcome: ended });
    }
    if (ended.state === 'done') await this.#settle(target, signal);
  }

  /** `null` where it left before the end. */
  async #runToItsEnd(target: Target, signal: AbortSignal): Promise<Outcome | null> {
    const { notebook, report } = this.#world;
    const { work, direction, position } = notebook.open!;
    const began = direction === 'forward' ? 'applying' : 'rolling-back';
    const reason = direction === 'forward' ? 'none' : 'later_unit_failed';
    await report.say(work, began, reason, describeStart(work));
    const rules = { onFailure: work.job.on_failure };
    try {
      const outcome = await runSteps(position, target, rules, this.#stepWorld(work, signal));
      if (outcome.state !== 'left') return outcome;
      await notebook.write({ kind: 'left' });
      return null;
    } catch (error) {
      if (error instanceof LeaseLost) return { state: 'abandoned', reason: 'lease_lost' };
      throw error;
    }
  }

  async #settle(target: Target, signal: AbortSignal): Promise<void> {
    const { notebook } = this.#world;
    const { work, settled } = notebook.open!;
    const ended = await runSettling(target.settle, settled, this.#stepWorld(work, signal));
    await notebook.write({ kind: ended ? 'unit-settled' : 'left' });
  }

  /** Whether what a predecessor left behind passes the steps that verify it. */
  async #isDone(target: Target, work: Work, signal: AbortSignal): Promise<boolean> {
    const verifying = target.steps.filter(({ phase }) => phase === 'verifying');
    try {
      for (const step of verifying) await step.run(signal);
      return verifying.length > 0;
    } catch (error) {
      signal.throwIfAborted();
      const { message } = failureOf('verify', error);
      this.#world.on({ kind: 'progress', work, step: 'verify', text: `not done yet: ${message}` });
      return false;
    }
  }

  #stepWorld(work: Work, signal: AbortSignal) {
    const { notebook, clock, isLeaving } = this.#world;
    return {
      note: notebook.write.bind(notebook),
      now: () => clock.now(),
      on: (event: StepEvent) => this.#onStep(work, event),
      isLeaving,
      signal,
    };
  }

  async #onStep(work: Work, event: StepEvent): Promise<void> {
    const { on, report } = this.#world;
    if (event.kind === 'turned') {
      const { failure } = event;
      on({ kind: 'unit-turned', work, failure });
      const words = `${work.target}: ${failure.step}: ${failure.message}`;
      return report.say(work, 'rolling-back', failure.reason, words);
    }
    const { name: step, phase } = event.step;
    if (event.kind === 'step-began') {
      this.#step = step;
      on({ kind: 'step-began', work, step, phase });
      return;
    }
    const { durationMs, failure } = event;
    on({ kind: 'step-ended', work, step, phase, durationMs, failure });
  }
}
