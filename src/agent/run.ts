import { runSettling, runSteps, failureOf, type StepEvent } from '../deploy/run-steps.ts';
import type { Direction, Outcome, Work } from '../deploy/journal-entries.ts';
import type { TargetPlan } from '../model/plan.ts';
import type { Reason } from '../model/reason.ts';
import type { UnitState } from '../model/unit.ts';
import type { Clock } from '../ports/clock.ts';
import type { UnitPlan } from '../report/views.ts';
import type { Step, Target } from '../targets/target.ts';
import { describeEnd, describeStart, describeUnchanged, endReason, endState } from './describe.ts';
import type { AgentListener } from './events.ts';
import { LeaseLost } from './lease-lost.ts';
import type { Notebook } from './notebook.ts';
import type { Report } from './report.ts';
import type { UnitLock } from './unit-lock.ts';

/** Makes the target of a unit ready to be asked and acted on; nothing is touched by that. */
export type MakeTarget = (work: Work, progress: (text: string) => void) => Promise<Target>;

export interface RunWorld {
  readonly notebook: Notebook;
  readonly report: Pick<Report, 'say'>;
  readonly makeTarget: MakeTarget;
  readonly units: UnitLock;
  readonly clock: Clock;
  readonly on: AgentListener;
  /** Whether to leave before the next step. */
  readonly isLeaving: () => boolean;
  /** Who cancelled a deployment that this host works on, in words; `null` where nobody did. */
  readonly cancelledBy: (work: Work) => string | null;
}

/** A unit whose plan is known. */
export interface Prepared {
  readonly work: Work;
  readonly target: Target;
  readonly plan: TargetPlan;
}

/** The plan of a unit, for people. */
export function unitPlanOf({ work, plan }: Prepared): UnitPlan {
  const { target, targetIndex, host, job } = work;
  return { ...plan, name: target, kind: job.targets[targetIndex]!.kind, host };
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
    const plan = await target.plan(signal, work.heal !== undefined);
    return { work: { ...work, plan: plan.digest }, target, plan };
  }

  /** Makes a unit ready to go back; how it would be planned now does not matter. */
  async ready(work: Work): Promise<Pick<Prepared, 'work' | 'target'>> {
    return { work, target: await this.#make(work) };
  }

  /** Ends a unit for which there is nothing to do, and says so: it went nowhere. */
  async endUnchanged({ work }: Prepared): Promise<void> {
    const { report, notebook, on } = this.#world;
    await report.say(work, 'done', 'nothing_to_change', describeUnchanged(work));
    await notebook.write({ kind: 'unit-unchanged', work });
    on({ kind: 'unit-unchanged', work });
  }

  /**
   * Begins with a unit and brings it to its end. Rejects with the signal's reason when aborted, and
   * where the journal cannot be written; `goOn` then takes it up. After a predecessor, what that
   * one left is verified first.
   */
  async begin(
    { work, target }: Pick<Prepared, 'work' | 'target'>,
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
      if (state) await this.#say(work, state, endReason(ended), describeEnd(work, ended));
      await notebook.write({ kind: 'unit-ended', outcome: ended });
      on({ kind: 'unit-ended', work, outcome: ended });
    }
    if (ended.state === 'done') await this.#settle(target, signal);
  }

  /** `null` where it left before the end. */
  async #runToItsEnd(target: Target, signal: AbortSignal): Promise<Outcome | null> {
    const { notebook } = this.#world;
    const { work, direction, position } = notebook.open!;
    const began = direction === 'forward' ? 'applying' : 'rolling-back';
    const reason = direction === 'forward' ? 'none' : 'later_unit_failed';
    await this.#say(work, began, reason, describeStart(work));
    // What is mended is not undone: the backup of the deployment is older than what was accepted.
    const onFailure = work.heal ? ('stop' as const) : work.job.on_failure;
    const rules = { onFailure, retry: work.retry ?? null };
    try {
      const steps = this.#lockedSteps(target.steps, work);
      const rollback = this.#lockedSteps(target.rollback, work);
      const unit = { ...target, steps, rollback };
      const outcome = await runSteps(position, unit, rules, this.#stepWorld(work, signal));
      if (outcome.state === 'done' && !work.heal && target.stopsAt === 'staged') {
        return { ...outcome, staged: true };
      }
      if (outcome.state !== 'left') return outcome;
      await notebook.write({ kind: 'left' });
      return null;
    } catch (error) {
      if (error instanceof LeaseLost) return { state: 'abandoned', reason: 'lease_lost' };
      throw error;
    }
  }

  /** Of what is mended the deployment's records say nothing. */
  async #say(work: Work, state: UnitState, reason: Reason, words: string): Promise<void> {
    if (!work.heal) await this.#world.report.say(work, state, reason, words);
  }

  async #settle(target: Target, signal: AbortSignal): Promise<void> {
    const { notebook } = this.#world;
    const { work, settled } = notebook.open!;
    const steps = this.#lockedSteps(target.settle, work);
    const ended = await runSettling(steps, settled, this.#stepWorld(work, signal));
    await notebook.write({ kind: ended ? 'unit-settled' : 'left' });
  }

  /** Nobody looks after the target while one of its steps changes it. */
  #lockedSteps(steps: readonly Step[], work: Work): readonly Step[] {
    const { units } = this.#world;
    return steps.map((step) => {
      if (step.aside === true) return step;
      return { ...step, run: (signal) => units.hold(work, () => step.run(signal)) };
    });
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
    const { notebook, clock, isLeaving, cancelledBy } = this.#world;
    return {
      note: notebook.write.bind(notebook),
      clock,
      on: (event: StepEvent) => this.#onStep(work, event),
      isLeaving,
      cancelledBy: () => cancelledBy(work),
      signal,
    };
  }

  async #onStep(work: Work, event: StepEvent): Promise<void> {
    const { on } = this.#world;
    if (event.kind === 'turned') {
      const { failure } = event;
      on({ kind: 'unit-turned', work, failure });
      const words = `${work.target}: ${failure.step}: ${failure.message}`;
      return this.#say(work, 'rolling-back', failure.reason, words);
    }
    const { name: step, phase } = event.step;
    if (event.kind === 'step-began') {
      this.#step = step;
      on({ kind: 'step-began', work, step, phase });
      return;
    }
    if (event.kind === 'step-retried') {
      const { failure, attempt, pauseMs } = event;
      on({ kind: 'step-retried', work, step, failure, attempt, pauseMs });
      return;
    }
    const { durationMs, failure } = event;
    on({ kind: 'step-ended', work, step, phase, durationMs, failure });
  }
}
