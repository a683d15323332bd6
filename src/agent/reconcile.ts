import type { EnvironmentView } from '../deploy/fold-environment.ts';
import { asSallyportError } from '../model/errors.ts';
import { unitKey } from '../model/unit.ts';
import type { Clock } from '../ports/clock.ts';
import { jittered, pauseAfter } from './backoff.ts';
import type { HostRules } from './decide.ts';
import { driftOf, isIdle, spokenOn, type Drift } from './drift.ts';
import type { AgentListener } from './events.ts';
import { heal, type Healing, type HealWorld } from './heal.ts';
import { nextNumber } from './next-number.ts';
import { isLocal } from './outage/local-number.ts';
import type { OwnWord, Report } from './report.ts';
import { unitPlanOf, type Prepared } from './run.ts';
import type { WorkLock } from './work-lock.ts';

export interface ReconcileWorld extends HealWorld {
  readonly rules: HostRules;
  readonly report: Pick<Report, 'sayOfHost'>;
  readonly lock: WorkLock;
  readonly clock: Clock;
  readonly on: AgentListener;
  /** Whether what was deployed died, so that an older release has the traffic. */
  readonly hasFallenBack: (environment: string) => boolean;
  /** Between two comparisons, in ms. */
  readonly reconcileMs: number;
}

interface Trouble {
  readonly failures: number;
  readonly notBefore: number;
}

/** What a comparison of one environment came to. */
export interface Compared {
  readonly environment: string;
  /** `busy`: a deployment is in hand, and says itself how it is. */
  readonly state: 'as-deployed' | 'differs' | 'mended' | 'busy' | 'failed';
  readonly message: string;
}

/** The longest pause between two tries to mend an environment, in ms. */
const longestPauseMs = 86_400_000;

/** Compares what is on this host with what was deployed, though nothing was pushed. */
export class Reconcile {
  readonly #world: ReconcileWorld;
  readonly #troubles = new Map<string, Trouble>();
  readonly #told = new Map<string, string>();
  readonly #ill = new Set<string>();

  constructor(world: ReconcileWorld) {
    this.#world = world;
  }

  /** Again and again until `leaving` is aborted; `ending` ends the step in hand too. Never rejects. */
  async run(leaving: AbortSignal, ending: AbortSignal): Promise<void> {
    const { clock, reconcileMs } = this.#world;
    while (!leaving.aborted) {
      await clock.sleep(jittered(reconcileMs, clock.random()), leaving).catch(() => undefined);
      if (leaving.aborted) return;
      await this.once(leaving, ending).catch(() => undefined);
    }
  }

  /** Every environment once; one that cannot be compared does not stop the others. Rejects only when aborted. */
  async once(leaving: AbortSignal, ending: AbortSignal): Promise<readonly Compared[]> {
    const compared: Compared[] = [];
    for (const environment of this.#world.rules.environments) {
      leaving.throwIfAborted();
      try {
        compared.push({ environment, ...(await this.#compare(environment, leaving, ending)) });
        this.#told.delete(environment);
      } catch (error) {
        leaving.throwIfAborted();
        ending.throwIfAborted();
        this.#tell(environment, error);
        const { message } = asSallyportError(error);
        compared.push({ environment, state: 'failed', message });
      }
    }
    return compared;
  }

  async #compare(environment: string, leaving: AbortSignal, ending: AbortSignal): Promise<Result> {
    if (!this.#mayCompare(environment)) return busy;
    const drift = await this.#look(environment, leaving);
    const isNews = drift !== null || this.#hasSaidDrift(environment);
    if (!isNews) {
      const isEmpty = this.#world.notebook.lastDone(environment).length === 0;
      return isEmpty ? { ...asDeployed, message: 'nothing was deployed yet' } : asDeployed;
    }
    return await this.#world.lock.hold(async () => {
      // While it waited for its turn, a deployment may have changed everything.
      if (!this.#mayCompare(environment) || this.#world.notebook.open) return busy;
      return await this.#settle(
        environment,
        await this.#look(environment, leaving),
        leaving,
        ending,
      );
    }, leaving);
  }

  async #settle(
    environment: string,
    drift: Drift | null,
    leaving: AbortSignal,
    ending: AbortSignal,
  ): Promise<Result> {
    if (!drift) {
      await this.#sayHealed(environment);
      return asDeployed;
    }
    await this.#sayDrifted(drift);
    const { clock } = this.#world;
    const differs: Result = {
      state: 'differs',
      message: `${namesOf(drift)} is not what was deployed`,
    };
    if (clock.now() < (this.#troubles.get(environment)?.notBefore ?? 0)) return differs;
    const healing = await heal(drift, this.#world, ending);
    if (healing.kind === 'failed') {
      this.#fail(environment, healing);
      return { state: 'differs', message: healing.message };
    }
    if (healing.kind !== 'ran') return differs;
    const left = await this.#look(environment, leaving);
    if (!left) {
      await this.#sayHealed(environment);
      return {
        state: 'mended',
        message: `${namesOf(drift)} was not what was deployed, and is again`,
      };
    }
    this.#fail(environment, { kind: 'failed', message: 'it differs still' });
    return differs;
  }

  async #look(environment: string, signal: AbortSignal): Promise<Drift | null> {
    const { notebook, run } = this.#world;
    const looked: Prepared[] = [];
    let failure: { readonly error: unknown } | null = null;
    for (const work of notebook.lastDone(environment)) {
      try {
        const prepared = await run.prepare({ ...work, heal: notebook.nextHealing }, signal);
        looked.push(prepared);
        await this.#noteHealth(prepared);
      } catch (error) {
        signal.throwIfAborted();
        failure = { error };
      }
    }
    const drift = driftOf(environment, looked);
    // What can be compared is; whether the rest differs nobody knows.
    if (!drift && failure) throw failure.error;
    return drift;
  }

  /** What is as it was deployed may still not answer: mending would change nothing, so people are told, once. */
  async #noteHealth({ work, target }: Prepared): Promise<void> {
    const { log } = this.#world;
    const { environment } = work.job;
    const key = `${environment} ${unitKey(work)}`;
    const { health } = await target.status();
    const isIll = health === 'unhealthy' || health === 'degraded';
    if (isIll === this.#ill.has(key)) return;
    const facts = { environment, target: work.target, health };
    if (isIll) {
      this.#ill.add(key);
      log.warn('a target does not answer as it should', facts);
    } else {
      this.#ill.delete(key);
      log.info('a target answers again', facts);
    }
  }

  #mayCompare(environment: string): boolean {
    const { notebook, beside } = this.#world;
    const isQuiet = isIdle(this.#viewOf(environment)) && isIdle(beside.of(environment));
    return isQuiet && notebook.open?.work.job.environment !== environment;
  }

  #hasSaidDrift(environment: string): boolean {
    return this.#world.notebook.lastSaidOfHost(environment)?.state === 'drifted';
  }

  async #sayDrifted(drift: Drift): Promise<void> {
    const { notebook, on, hasFallenBack } = this.#world;
    const { environment, digest, units } = drift;
    if (this.#isBehind(environment)) return;
    const said = notebook.lastSaidOfHost(environment);
    if (said?.state === 'drifted' && said.plan === digest) return;
    // It is told on the newest deployment, which may be of another commit.
    const commits = new Set(units.map(({ work }) => work.job.sha.slice(0, 7)));
    const words = `${namesOf(drift)} is not what was deployed (${[...commits].join(', ')})`;
    const deployment = await this.#say(environment, {
      state: 'drifted',
      reason: hasFallenBack(environment) ? 'fell_back' : 'drifted',
      plan: digest,
      words,
    });
    on({ kind: 'drifted', environment, deployment, plans: units.map(unitPlanOf) });
  }

  async #sayHealed(environment: string): Promise<void> {
    this.#troubles.delete(environment);
    if (!this.#hasSaidDrift(environment) || this.#isBehind(environment)) return;
    const words = `${environment} is what was deployed`;
    const deployment = await this.#say(environment, {
      state: 'healed',
      reason: 'healed',
      plan: null,
      words,
    });
    this.#world.on({ kind: 'healed', environment, deployment });
  }

  async #say(environment: string, word: Omit<OwnWord, 'number'>): Promise<number> {
    const { notebook, report, host } = this.#world;
    const view = this.#viewOf(environment);
    const on = this.#spokenOn(environment);
    if (!on) return 0;
    const number = nextNumber(view, notebook, environment, host);
    await report.sayOfHost(on, { ...word, number });
    return on.deployment;
  }

  #fail(environment: string, { message }: Extract<Healing, { kind: 'failed' }>): void {
    const { clock, reconcileMs, on } = this.#world;
    const failures = (this.#troubles.get(environment)?.failures ?? 0) + 1;
    const pace = { intervalMs: reconcileMs, maxMs: longestPauseMs };
    const pauseMs = pauseAfter(failures, new Error(message), pace, clock.random());
    this.#troubles.set(environment, { failures, notBefore: clock.now() + pauseMs });
    const deployment = this.#spokenOn(environment)?.deployment ?? 0;
    on({ kind: 'heal-failed', environment, deployment, message, pauseMs });
  }

  /** What people began on the host itself has a ledger of its own, which tells nobody else. */
  #spokenOn(environment: string): ReturnType<typeof spokenOn> {
    const { notebook, host } = this.#world;
    const works = notebook.lastDone(environment).filter(({ deployment }) => !isLocal(deployment));
    return spokenOn(this.#viewOf(environment), host, works);
  }

  /** Whether what people did here is yet to be told: what came after it comes after it. */
  #isBehind(environment: string): boolean {
    return this.#world.notebook.holds.untold(environment).length > 0;
  }

  #viewOf(environment: string): EnvironmentView | undefined {
    return this.#world.source.last?.environments.get(environment);
  }

  /** Once for each reason: it is tried again every few minutes. */
  #tell(environment: string, error: unknown): void {
    const { code, message } = asSallyportError(error);
    if (this.#told.get(environment) === message) return;
    this.#told.set(environment, message);
    this.#world.log.warn('an environment could not be compared', { environment, code, message });
  }
}

type Result = Pick<Compared, 'state' | 'message'>;

const busy: Result = { state: 'busy', message: 'a deployment is in hand' };
const asDeployed: Result = { state: 'as-deployed', message: 'it is what was deployed' };

function namesOf({ units }: Drift): string {
  return units.map(({ work }) => work.target).join(', ');
}
