import type { Environment } from '../config/environment.ts';
import type { EnvironmentView } from '../deploy/fold-environment.ts';
import type { UnitView } from '../deploy/fold-deployment.ts';
import type { Work } from '../deploy/journal-entries.ts';
import { unitKey } from '../model/unit.ts';
import { reasonOfGate } from '../policy/judge-gates.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { announce } from './announce.ts';
import type { Asks } from './asks.ts';
import { isWaiting, type Decision, type HostRules } from './decide.ts';
import { describePlan } from './describe.ts';
import { needsRoom, refusalForRoom, type DiskRoom } from './disk-room.ts';
import type { AgentListener } from './events.ts';
import { judgeUnit } from './judge-unit.ts';
import type { LedgerSource } from './ledger-source.ts';
import { asksPeople, nextMove, plannedWord, standOf, type Move, type Word } from './next-move.ts';
import type { Notebook } from './notebook.ts';
import type { PlanStore } from './plan-store.ts';
import type { Preparations } from './preparations.ts';
import { refuse, refusalFor, type Refusal } from './refuse.ts';
import type { Report, Spoken } from './report.ts';
import { unitPlanOf, type Prepared, type Run } from './run.ts';
import type { VerifyUnit } from './verify.ts';
import type { Waits } from './waits.ts';

export interface UnitWorld {
  readonly rules: HostRules;
  readonly source: LedgerSource;
  /** What the gates are judged from: all that is known, of this ledger and of another beside it. */
  readonly views: () => ReadonlyMap<string, EnvironmentView>;
  /** Whether people hold this host there. */
  readonly isHeld: (environment: string) => boolean;
  readonly notebook: Notebook;
  readonly report: Report;
  readonly run: Run;
  readonly verify: VerifyUnit;
  readonly preparations: Preparations;
  readonly plans: Pick<PlanStore, 'save'>;
  readonly asks: Asks;
  readonly waits: Waits;
  /** What room there is for anything new; absent: enough. */
  readonly room?: (() => Promise<DiskRoom>) | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly on: AgentListener;
}

/** A unit whose turn it is, and the policy of now. */
export type OnTurn = Exclude<Decision, { kind: 'wait' }> & {
  readonly policy: Environment | undefined;
};

/** What is to be done about a unit, as far as looking tells. */
export type Look =
  | { readonly kind: 'refuse'; readonly refusal: Refusal }
  | { readonly kind: 'back' }
  /** People hold the host: what they did there is not undone. */
  | { readonly kind: 'held' }
  | { readonly kind: 'go-on' }
  | { readonly kind: 'plan'; readonly prepared: Prepared; readonly say: Word | null }
  | {
      readonly kind: 'move';
      readonly prepared: Prepared;
      /** The plan was made by this very look. */
      readonly isFresh: boolean;
      readonly move: Move;
    };

/** The same unit's turn as the ledger and the policy say by now; `null` where it is its turn no more. */
export type Again = (turn: OnTurn, signal: AbortSignal) => Promise<OnTurn | null>;

/** One unit at its turn: looked at as often as it takes, and then brought to its end. */
export class UnitTurn {
  readonly #world: UnitWorld;
  readonly #again: Again;

  constructor(world: UnitWorld, again: Again) {
    this.#world = world;
    this.#again = again;
  }

  /** Touches nothing and says nothing, but plans what was not planned yet. Rejects where it is worth another try. */
  async look(turn: OnTurn, signal: AbortSignal): Promise<Look> {
    if (turn.kind === 'refuse') return { kind: 'refuse', refusal: turn };
    if (this.#isOpen(turn)) return { kind: 'go-on' };
    if (turn.kind === 'act' && turn.direction === 'back') {
      return { kind: this.#world.isHeld(turn.environment) ? 'held' : 'back' };
    }
    const kept = this.#world.preparations.get(turn.deployment.deployment, turn.unit);
    if (kept) return await this.#judge(turn, kept, false, signal);
    const noRoom = await this.#refusalForRoom(turn);
    if (noRoom) return { kind: 'refuse', refusal: noRoom };
    const prepared = await this.#prepare(turn, signal);
    return 'reason' in prepared
      ? { kind: 'refuse', refusal: prepared }
      : await this.#judge(turn, prepared, true, signal);
  }

  /** Does what the look found; tells whether that was anything. Rejects as `look`, and as `Run` does. */
  async perform(
    look: Look,
    turn: OnTurn,
    hasPredecessor: boolean,
    signals: { readonly leaving: AbortSignal; readonly ending: AbortSignal },
  ): Promise<boolean> {
    const { run, preparations, waits, notebook } = this.#world;
    const { deployment } = turn.deployment;
    const wait = look.kind === 'move' && look.move.kind === 'wait' ? look.move : null;
    waits.set(turn.environment, wait && { deployment, gate: wait.gate });
    if (look.kind === 'held') return false;
    if (look.kind === 'go-on') {
      await run.goOn(signals.ending);
      return true;
    }
    if (look.kind === 'back') return await this.#goBack(turn, hasPredecessor, signals);
    if (look.kind === 'refuse') return await this.#refuse(turn, look.refusal);
    const { prepared } = look;
    if (look.kind === 'plan') return await this.#say(prepared, look.say, '');
    const { move } = look;
    if (move.kind === 'refuse') return await this.#refuse(turn, refusalOfGate(move));
    if (move.kind === 'wait') {
      const said = await this.#say(prepared, move.say, move.gate.message);
      if (said) this.#world.on({ kind: 'unit-waits', work: prepared.work, gate: move.gate });
      return said;
    }
    if (!look.isFresh) {
      // While it waited, its branch may have been rewritten: what was the repository's own may be so no more.
      const again = await this.#prepare(turn, signals.leaving);
      if ('reason' in again) return await this.#refuse(turn, again);
      const looked = await this.#judge(turn, again, true, signals.leaving);
      return await this.perform(looked, turn, hasPredecessor, signals);
    }
    // Planning may have taken long, and people may have stopped it meanwhile.
    const now = await this.#again(turn, signals.leaving);
    if (!now) return true;
    const last = await this.#lastLook(now, prepared, signals.leaving);
    if (last.kind !== 'move' || last.move.kind !== move.kind) {
      return await this.perform(last, now, hasPredecessor, signals);
    }
    preparations.forget(deployment, turn.unit);
    const { attempt } = standOf(turn.unit, notebook.lastSaid(deployment, turn.unit));
    const ready = { ...prepared, work: { ...prepared.work, attempt } };
    if (move.kind === 'end') await run.endUnchanged(ready);
    else {
      const noRoom = await this.#refusalForRoom(now);
      if (noRoom) return await this.#refuse(now, noRoom);
      if (!(await announce(ready.work, this.#world, signals.leaving))) return true;
      // Whoever held the lease only to plan or to wait has left nothing behind that could be verified.
      const mayBeDone = hasPredecessor && !isWaiting(now.unit);
      await run.begin(ready, 'forward', mayBeDone, signals.ending);
    }
    return true;
  }

  async #refusalForRoom(turn: OnTurn): Promise<Refusal | null> {
    const { room } = this.#world;
    return room && needsRoom(turn) ? refusalForRoom(await room()) : null;
  }

  async #lastLook(now: OnTurn, prepared: Prepared, signal: AbortSignal): Promise<Look> {
    if (now.kind === 'refuse') return { kind: 'refuse', refusal: now };
    return await this.#judge(now, prepared, true, signal);
  }

  async #judge(
    turn: OnTurn,
    prepared: Prepared,
    isFresh: boolean,
    signal: AbortSignal,
  ): Promise<Look> {
    const { source, notebook, asks, rules, views } = this.#world;
    const { deployment, unit, policy } = turn;
    const { plan } = prepared;
    const stand = standOf(unit, notebook.lastSaid(deployment.deployment, unit));
    if (deployment.job.operation === 'plan') {
      return { kind: 'plan', prepared, say: plannedWord('none', plan.digest, stand) };
    }
    // What had begun before this host lost its journal is finished.
    if (!policy || !isWaiting(unit)) {
      return { kind: 'move', prepared, isFresh, move: { kind: 'begin' } };
    }
    const at = source.now();
    const facts = { environments: views(), deployment, unit, plan, policy, at, host: rules.name };
    const gates = await judgeUnit(facts, asks, signal);
    if (turn.kind === 'plan') {
      const asking =
        plan.changes.length > 0 && gates.find((gate) => !gate.open && asksPeople(gate));
      const reason = asking ? reasonOfGate(asking) : 'none';
      return { kind: 'plan', prepared, say: plannedWord(reason, plan.digest, stand) };
    }
    return { kind: 'move', prepared, isFresh, move: nextMove(gates, plan, stand) };
  }

  async #prepare(turn: OnTurn, signal: AbortSignal): Promise<Prepared | Refusal> {
    const { verify } = this.#world;
    const { deployment, unit, policy } = turn;
    const verified = await verify(deployment.job, unit, signal).catch((error: unknown) =>
      this.#refusalOf(error, turn, signal),
    );
    if (!('ok' in verified)) return verified;
    if (!verified.ok) return verified;
    const { config, version } = verified;
    const retry = policy?.retry ?? null;
    const work: Work = { ...spokenOf(turn), plan: unit.plan, config, version, retry };
    return await this.#plan(turn, work, signal);
  }

  /** Plans, and keeps the plan: in memory until the unit ends, on the disk for people. */
  async #plan(turn: OnTurn, work: Work, signal: AbortSignal): Promise<Prepared | Refusal> {
    const { run, plans, preparations, on, log } = this.#world;
    try {
      const before = preparations.get(work.deployment, work);
      const prepared = await run.prepare(work, signal);
      preparations.keep(prepared);
      if (before?.plan.digest === prepared.plan.digest) return prepared;
      await plans.save(work.deployment, unitPlanOf(prepared)).catch((error: unknown) => {
        log.warn('a plan could not be kept', { unit: unitKey(work), message: String(error) });
      });
      on({ kind: 'unit-planned', work: prepared.work, plan: prepared.plan });
      return prepared;
    } catch (error) {
      return this.#refusalOf(error, turn, signal);
    }
  }

  #refusalOf(error: unknown, { deployment, unit, policy }: OnTurn, signal: AbortSignal): Refusal {
    signal.throwIfAborted();
    const tries = this.#world.preparations.countFailure(deployment.deployment, unit);
    const refusal = refusalFor(error, tries < (policy?.retry?.attempts ?? 1));
    if (!refusal) throw error;
    return refusal;
  }

  async #say(prepared: Prepared, say: Word | null, why: string): Promise<boolean> {
    if (!say) return false;
    const { work, plan } = prepared;
    const what = say.state === 'planned' ? describePlan(work, plan) : work.target;
    const words = [what, why].filter((part) => part !== '').join(': ');
    const { state, reason, attempt } = say;
    await this.#world.report.say({ ...work, attempt }, state, reason, words);
    return true;
  }

  async #goBack(
    turn: OnTurn,
    hasPredecessor: boolean,
    { leaving, ending }: { readonly leaving: AbortSignal; readonly ending: AbortSignal },
  ): Promise<boolean> {
    const { notebook, run, verify } = this.#world;
    const { deployment, unit } = turn;
    const past = notebook.past(deployment.deployment, unit);
    const verified = past
      ? { ok: true as const, ...past.work }
      : await verify(deployment.job, unit, leaving);
    if (!verified.ok) return await this.#refuse(turn, verified);
    const { config, version } = verified;
    const work: Work = { ...spokenOf(turn), plan: unit.plan, config, version, retry: null };
    await run.begin(await run.ready(work), 'back', hasPredecessor, ending);
    return true;
  }

  async #refuse(turn: OnTurn, refusal: Refusal): Promise<boolean> {
    const { notebook, preparations } = this.#world;
    const { deployment } = turn.deployment;
    const { attempt } = standOf(turn.unit, notebook.lastSaid(deployment, turn.unit));
    preparations.forget(deployment, turn.unit);
    await refuse({ ...spokenOf(turn), attempt }, refusal, this.#world);
    return true;
  }

  #isOpen({ deployment, unit }: OnTurn): boolean {
    const { open } = this.#world.notebook;
    return (
      open?.outcome === null &&
      !open.work.heal &&
      open.work.deployment === deployment.deployment &&
      unitKey(open.work) === unitKey(unit)
    );
  }
}

/** What records say of a unit. */
export function spokenOf({
  deployment: view,
  unit,
}: {
  readonly deployment: OnTurn['deployment'];
  readonly unit: UnitView;
}): Spoken & Pick<Work, 'plan'> {
  const { deployment, job, digest } = view;
  const { target, targetIndex, host, attempt, plan } = unit;
  return { deployment, job, digest, target, targetIndex, host, attempt, plan };
}

function refusalOfGate({ gate }: Extract<Move, { kind: 'refuse' }>): Refusal {
  const details = gate.hint === null ? [] : [gate.hint];
  return { reason: reasonOfGate(gate), message: gate.message, details };
}
