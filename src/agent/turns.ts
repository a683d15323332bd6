import type { DeploymentView, UnitView } from '../deploy/fold-deployment.ts';
import type { Direction, Work } from '../deploy/journal-entries.ts';
import { asSallyportError } from '../model/errors.ts';
import { unitKey } from '../model/unit.ts';
import { pauseAfter, type Pace } from './backoff.ts';
import { decide, type Decision, type HostRules } from './decide.ts';
import type { AgentListener } from './events.ts';
import { Lease, type LeaseWorld } from './lease.ts';
import type { Poll } from './poll.ts';
import { refusalFor, refuse } from './refuse.ts';
import type { Report, Spoken } from './report.ts';
import type { Prepared, Run } from './run.ts';
import type { VerifyUnit } from './verify.ts';

export interface TurnsWorld extends Omit<LeaseWorld, 'host'> {
  readonly rules: HostRules;
  readonly verify: VerifyUnit;
  readonly poll: Poll;
  readonly report: Report;
  readonly run: Run;
  readonly on: AgentListener;
  readonly pace: Pace;
}

type Act = Extract<Decision, { kind: 'act' }>;

/** The agent's main loop: what was interrupted first, then whatever the ledger says is its turn. */
export class Turns {
  readonly #world: TurnsWorld;
  #waitingFor = '';

  constructor(world: TurnsWorld) {
    this.#world = world;
  }

  /** Until `leaving` is aborted, between two steps at most; `ending` ends the step in hand too. Never rejects. */
  async run(leaving: AbortSignal, ending: AbortSignal): Promise<void> {
    const { poll, clock, log, pace } = this.#world;
    let failures = 0;
    while (!leaving.aborted) {
      try {
        const hasActed = await this.#turn(leaving, ending);
        failures = 0;
        if (!hasActed) await poll.pause(leaving);
      } catch (error) {
        if (leaving.aborted || ending.aborted) return;
        failures += 1;
        const pause = pauseAfter(failures, error, pace, clock.random());
        const { code, message } = asSallyportError(error);
        log.error('the agent could not go on', { code, message, pause_ms: pause });
        await clock.sleep(pause, leaving).catch(() => undefined);
      }
    }
  }

  /** Whether something was done, so that it is worth looking again at once. */
  async #turn(leaving: AbortSignal, ending: AbortSignal): Promise<boolean> {
    const { notebook, run, poll } = this.#world;
    const { open } = notebook;
    // A unit on no host is gone on with only under its lease, below.
    if (open && (open.work.host !== null || open.outcome)) {
      await run.goOn(ending);
      return true;
    }
    await poll.read(leaving);
    const decision = this.#decide();
    if (decision.kind === 'wait') this.#tellWait(decision);
    if (decision.kind === 'refuse') {
      const { deployment, unit } = decision;
      await refuse(this.#spoken(deployment, unit), decision, this.#world);
      return true;
    }
    if (decision.kind !== 'act') return false;
    return decision.unit.host === null
      ? await this.#actUnderLease(decision, leaving, ending)
      : await this.#act(decision, false, leaving, ending);
  }

  #decide(): Decision {
    const { rules, source, notebook: memory } = this.#world;
    const { environments, now } = source.last!;
    return decide({ rules, environments, now, memory });
  }

  async #act(
    decision: Act,
    hasPredecessor: boolean,
    leaving: AbortSignal,
    ending: AbortSignal,
  ): Promise<boolean> {
    const { run } = this.#world;
    if (this.#isOpen(decision)) {
      await run.goOn(ending);
      return true;
    }
    const { deployment, unit, direction } = decision;
    const prepared = await this.#prepare(deployment, unit, direction, leaving);
    if (prepared) await run.begin(prepared, direction, hasPredecessor, ending);
    return true;
  }

  async #actUnderLease(decision: Act, leaving: AbortSignal, ending: AbortSignal): Promise<boolean> {
    const { report, notebook, rules } = this.#world;
    const { deployment, unit } = decision;
    const lease = new Lease({ ...this.#world, host: rules.name }, this.#spoken(deployment, unit));
    const held = await lease.take(leaving);
    if (!held) return false;
    // While the claim settled, somebody may have ended the unit.
    const again = this.#decide();
    if (again.kind === 'act' && isSameUnit(again, decision)) {
      await lease.keep(async (kept) => {
        await this.#act(again, held.predecessors > 0, leaving, kept);
        // A record of the unit counts only from whoever holds its lease.
        await report.flushed(kept);
      }, ending);
    }
    if (!notebook.open || notebook.open.outcome) await lease.release(ending);
    return true;
  }

  /** `null` where the unit was refused. Rejects where it is worth another try. */
  async #prepare(
    deployment: DeploymentView,
    unit: UnitView,
    direction: Direction,
    signal: AbortSignal,
  ): Promise<Prepared | null> {
    const { notebook, run, verify } = this.#world;
    const spoken = this.#spoken(deployment, unit);
    try {
      const past = direction === 'back' ? notebook.past(deployment.deployment, unit) : undefined;
      const verified = past
        ? { ok: true as const, ...past.work }
        : await verify(deployment.job, unit, signal);
      if (verified.ok) {
        const { config, version } = verified;
        const work: Work = { ...spoken, plan: unit.plan, config, version };
        return await run.prepare(work, signal);
      }
      await refuse(spoken, verified, this.#world);
    } catch (error) {
      signal.throwIfAborted();
      const refusal = refusalFor(error);
      if (!refusal) throw error;
      await refuse(spoken, refusal, this.#world);
    }
    return null;
  }

  #spoken({ deployment, job, digest }: DeploymentView, unit: UnitView): Spoken {
    const { target, targetIndex, host, attempt, plan } = unit;
    return { deployment, job, digest, target, targetIndex, host, attempt, plan };
  }

  #isOpen({ deployment, unit }: Act): boolean {
    const { open } = this.#world.notebook;
    return (
      open?.outcome === null &&
      open.work.deployment === deployment.deployment &&
      unitKey(open.work) === unitKey(unit)
    );
  }

  /** Once for each reason: a poll every few seconds would fill the log. */
  #tellWait({ deployment, reason, message }: Extract<Decision, { kind: 'wait' }>): void {
    if (this.#waitingFor === message) return;
    this.#waitingFor = message;
    this.#world.log.info('waiting', { deployment, reason, message });
  }
}

function isSameUnit(a: Act, b: Act): boolean {
  return a.deployment.deployment === b.deployment.deployment && unitKey(a.unit) === unitKey(b.unit);
}
