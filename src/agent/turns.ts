import type { Environment } from '../config/environment.ts';
import { asSallyportError } from '../model/errors.ts';
import { unitKey } from '../model/unit.ts';
import { closedGate } from '../policy/gate.ts';
import { pauseAfter, type Pace } from './backoff.ts';
import { decide, type Decision } from './decide.ts';
import { keepReading } from './keep-reading.ts';
import { Lease, type LeaseWorld } from './lease.ts';
import type { PolicyNow } from './policy-now.ts';
import type { Poll } from './poll.ts';
import { spokenOf, UnitTurn, type Look, type OnTurn, type UnitWorld } from './unit-turn.ts';
import type { WorkLock } from './work-lock.ts';

export interface TurnsWorld extends UnitWorld, Omit<LeaseWorld, 'host'> {
  readonly policyNow: PolicyNow;
  readonly poll: Poll;
  readonly lock: WorkLock;
  readonly pace: Pace;
  /** What comes first whenever the ledger has answered. */
  readonly onRead: () => Promise<void>;
}

interface Trouble {
  readonly failures: number;
  /** By this machine's clock, in ms. */
  readonly notBefore: number;
}

type Policies = ReadonlyMap<string, Environment>;

/** The agent's main loop: what was interrupted first, then whatever the ledger says is its turn. */
export class Turns {
  readonly #world: TurnsWorld;
  readonly #units: UnitTurn;
  readonly #waitingFor = new Map<string, string>();
  readonly #troubles = new Map<string, Trouble>();
  /** The environment that had a turn last: the others come before it. */
  #last = '';
  /** When a pause between two batches is over, by the ledger's clock; in ms since 1970. */
  #opensAt = Infinity;

  constructor(world: TurnsWorld) {
    this.#world = world;
    this.#units = new UnitTurn(world, (turn, signal) => this.#again(turn, signal));
  }

  /** Until `leaving` is aborted, between two steps at most; `ending` ends the step in hand too. Never rejects. */
  async run(leaving: AbortSignal, ending: AbortSignal): Promise<void> {
    const { poll, clock, log, pace } = this.#world;
    let failures = 0;
    while (!leaving.aborted) {
      try {
        const hasActed = await this.#turn(leaving, ending);
        failures = 0;
        if (!hasActed) await poll.pause(leaving, this.#nextLookInMs());
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
    const { notebook, run, poll, lock } = this.#world;
    const { open } = notebook;
    // A unit on no host is gone on with only under its lease, below.
    if (open && (open.work.host !== null || open.outcome)) {
      await lock.hold(() => keepReading(() => run.goOn(ending), this.#world, ending), leaving);
      return true;
    }
    await poll.read(leaving);
    await this.#world.onRead();
    this.#forgetOver();
    const policies = await this.#policies(leaving);
    const decisions = this.#decide(policies);
    this.#forgetWaits(decisions);
    const ends = decisions.map((one) => (one.kind === 'wait' ? (one.until ?? Infinity) : Infinity));
    this.#opensAt = Math.min(...ends);
    for (const decision of this.#inTurn(decisions)) {
      if (await this.#tryOne(decision, policies, leaving, ending)) {
        this.#last = decision.environment;
        return true;
      }
    }
    return false;
  }

  /** One environment that cannot go on does not stop the others. */
  async #tryOne(
    decision: Decision,
    policies: Policies,
    leaving: AbortSignal,
    ending: AbortSignal,
  ): Promise<boolean> {
    const { clock, log, pace, lock } = this.#world;
    const { environment } = decision;
    if (decision.kind === 'wait') {
      this.#tellWait(decision);
      return false;
    }
    const trouble = this.#troubles.get(environment);
    if (trouble && clock.now() < trouble.notBefore) return false;
    const turn = { ...decision, policy: policies.get(environment) };
    try {
      const act = () =>
        turn.unit.host === null
          ? this.#actUnderLease(turn, policies, leaving, ending)
          : this.#act(turn, leaving, ending);
      const hasActed = await lock.hold(() => keepReading(act, this.#world, ending), leaving);
      this.#troubles.delete(environment);
      return hasActed;
    } catch (error) {
      if (leaving.aborted || ending.aborted) throw error;
      const failures = (trouble?.failures ?? 0) + 1;
      const pause = pauseAfter(failures, error, pace, clock.random());
      this.#troubles.set(environment, { failures, notBefore: clock.now() + pause });
      const { code, message, hint } = asSallyportError(error);
      log.error('an environment could not go on', { environment, code, message, pause_ms: pause });
      const { deployment } = decision.deployment;
      const again = this.#world.source.now() + pause;
      const what = `it cannot go on: ${message}`;
      const gate = closedGate('trouble', code, what, hint ?? null, again);
      this.#world.waits.set(environment, { deployment, gate });
      return false;
    }
  }

  async #act(turn: OnTurn, leaving: AbortSignal, ending: AbortSignal): Promise<boolean> {
    const look = await this.#units.look(turn, leaving);
    return await this.#units.perform(look, turn, false, { leaving, ending });
  }

  async #actUnderLease(
    turn: OnTurn,
    policies: Policies,
    leaving: AbortSignal,
    ending: AbortSignal,
  ): Promise<boolean> {
    const { report, notebook, rules } = this.#world;
    const units = this.#units;
    const first = await units.look(turn, leaving);
    if (isQuiet(first)) return await units.perform(first, turn, false, { leaving, ending });
    const lease = new Lease({ ...this.#world, host: rules.name }, spokenOf(turn));
    const held = await lease.take(leaving);
    if (!held) return false;
    // While the claim settled, somebody may have ended the unit.
    const again = this.#decide(policies).find((other) => isSameUnit(other, turn));
    if (again && again.kind !== 'wait') {
      await lease.keep(async (kept) => {
        const anew = { ...again, policy: turn.policy };
        const look = await units.look(anew, leaving);
        const signals = { leaving, ending: kept };
        await units.perform(look, anew, held.predecessors > 0, signals);
        // A record of the unit counts only from whoever holds its lease.
        await report.flushed(kept);
      }, ending);
    }
    if (!notebook.open || notebook.open.outcome) await lease.release(ending);
    return true;
  }

  async #again(turn: OnTurn, signal: AbortSignal): Promise<OnTurn | null> {
    await this.#world.source.refresh(signal);
    const policies = await this.#policies(signal);
    const now = this.#decide(policies).find((other) => isSameUnit(other, turn));
    if (!now || now.kind === 'wait') return null;
    return { ...now, policy: policies.get(now.environment) };
  }

  #decide(policies: Policies): readonly Decision[] {
    const { rules, source, notebook: memory } = this.#world;
    const { environments, now } = source.last!;
    return decide({ rules, environments, now, policies, memory });
  }

  /** Of the environments in which something may begin. */
  async #policies(signal: AbortSignal): Promise<Policies> {
    const { rules, source, policyNow } = this.#world;
    const policies = new Map<string, Environment>();
    for (const name of rules.environments) {
      const view = source.last!.environments.get(name);
      if (!view?.running && !view?.lastGood?.skipped.includes(rules.name)) continue;
      try {
        policies.set(name, (await policyNow(name, signal)).environment);
      } catch {
        // The reason is told where it is read; here it is enough that nothing begins.
        signal.throwIfAborted();
      }
    }
    return policies;
  }

  #inTurn(decisions: readonly Decision[]): readonly Decision[] {
    const place = decisions.findIndex(({ environment }) => environment === this.#last);
    return [...decisions.slice(place + 1), ...decisions.slice(0, place + 1)];
  }

  #forgetOver(): void {
    const views = [...this.#world.source.last!.environments.values()];
    const open = views.flatMap(({ running, plans }) => [...(running ? [running] : []), ...plans]);
    this.#world.preparations.keepOnly(new Set(open.map(({ deployment }) => deployment)));
  }

  #forgetWaits(decisions: readonly Decision[]): void {
    const { rules, waits } = this.#world;
    for (const name of rules.environments) {
      const wait = waits.of(name);
      const isStill = decisions.some(
        (one) =>
          one.environment === name &&
          one.kind !== 'wait' &&
          one.deployment.deployment === wait?.deployment,
      );
      if (!isStill) waits.set(name, null);
    }
  }

  /** When a gate opens by itself, or an environment that was in trouble may be tried again. */
  #nextLookInMs(): number {
    const { waits, source, clock } = this.#world;
    const tries = [...this.#troubles.values()].map(({ notBefore }) => notBefore - clock.now());
    const openings = [this.#opensAt - source.now(), ...tries].filter((ms) => ms > 0);
    return Math.min(waits.opensIn(source.now()), ...openings);
  }

  /** Once for each reason: a poll every few seconds would fill the log. */
  #tellWait({
    environment,
    deployment,
    reason,
    message,
  }: Extract<Decision, { kind: 'wait' }>): void {
    if (this.#waitingFor.get(environment) === message) return;
    this.#waitingFor.set(environment, message);
    this.#world.log.info('waiting', { environment, deployment, reason, message });
  }
}

/** Whether there is nothing to be done or said: no lease is needed for that. */
function isQuiet(look: Look): boolean {
  if (look.kind === 'held') return true;
  if (look.kind === 'plan') return look.say === null;
  return look.kind === 'move' && look.move.kind === 'wait' && look.move.say === null;
}

function isSameUnit(a: Decision, b: OnTurn): boolean {
  return (
    a.kind !== 'wait' &&
    a.deployment.deployment === b.deployment.deployment &&
    unitKey(a.unit) === unitKey(b.unit)
  );
}
