import type { Work } from '../../deploy/journal-entries.ts';
import { asSallyportError } from '../../model/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { KeepReport, Target } from '../../targets/target.ts';
import { jittered } from '../backoff.ts';
import { Bell } from '../bell.ts';
import type { AgentListener } from '../events.ts';
import type { MakeTarget } from '../run.ts';
import { keyOf, type UnitLock } from '../unit-lock.ts';
import { isUndone, keptWorks, type KnownWorks, type OpenWork } from './kept-works.ts';

export interface KeepWorld {
  readonly environments: readonly string[];
  readonly host: string;
  readonly notebook: KnownWorks & OpenWork;
  readonly makeTarget: MakeTarget;
  readonly units: UnitLock;
  readonly clock: Clock;
  readonly log: Log;
  readonly on: AgentListener;
  /** Between two looks, in ms. */
  readonly livenessMs: number;
  /** Traffic went to another release than what was deployed. */
  readonly onFellBack: () => void;
}

/** Without anything to look after, in ms: it is woken when there is. */
const idleMs = 86_400_000;

/** What is looked at again and again: it remembers what it saw. */
interface Kept {
  readonly work: Work;
  readonly target: Target;
  report: KeepReport | null;
}

/**
 * Looks after what was deployed on this host, between deployments. It knows all that it needs from
 * the journal and the state folder, so it begins at once, whether or not anybody can be reached.
 */
export class Keep {
  readonly #world: KeepWorld;
  readonly #kept = new Map<string, Kept>();
  readonly #told = new Map<string, string>();
  readonly #bell: Bell;

  constructor(world: KeepWorld) {
    this.#world = world;
    this.#bell = new Bell(world.clock);
  }

  /** Again and again until `leaving` is aborted, while there is anything to look after. Never rejects. */
  async run(leaving: AbortSignal): Promise<void> {
    const { clock, livenessMs } = this.#world;
    while (!leaving.aborted) {
      const soon = await this.#once(leaving).catch(() => null);
      const usual = this.#isIdle() ? idleMs : jittered(livenessMs, clock.random());
      await this.#bell.wait(Math.min(soon ?? Infinity, usual), leaving).catch(() => undefined);
    }
  }

  /** Something was deployed: there may be more to look after. */
  wake(): void {
    this.#bell.ring();
  }

  /** How a target was when it was last looked at; `null` where nobody keeps it, or nobody knows. */
  reportOf(work: Work): KeepReport | null {
    const report = this.#kept.get(keyOf(work))?.report ?? null;
    return report?.health === 'unknown' ? null : report;
  }

  /** Whether something else than what was deployed has the traffic, since that died. */
  hasFallenBack(environment: string): boolean {
    return [...this.#kept.values()].some(
      ({ work, report }) => work.job.environment === environment && report?.fellBack === true,
    );
  }

  /** Every target once, side by side; in how many ms to look again, `null` where nothing is under way. */
  async #once(leaving: AbortSignal): Promise<number | null> {
    const works = this.#works();
    this.#forgetOthers(works);
    const { units, notebook } = this.#world;
    // A step that is at work on a target says itself how that goes.
    const idle = works.filter((work) => !units.isHeld(work) && !isUndone(work, notebook));
    const looks = idle.map((work) => units.hold(work, () => this.#look(work, leaving)));
    const times = (await Promise.all(looks)).filter((ms) => ms !== null);
    return times.length === 0 ? null : Math.min(...times);
  }

  async #look(work: Work, leaving: AbortSignal): Promise<number | null> {
    const { on, onFellBack } = this.#world;
    const key = keyOf(work);
    try {
      const kept = await this.#keptOf(work);
      if (!kept.target.keep) return null;
      const before = kept.report?.fellBack;
      kept.report = await kept.target.keep(leaving);
      this.#told.delete(key);
      for (const found of kept.report.found) on({ kind: 'kept', work, found });
      if (kept.report.fellBack && !before) onFellBack();
      return kept.report.againInMs;
    } catch (error) {
      if (!leaving.aborted) this.#tell(key, work, error);
      return null;
    }
  }

  async #keptOf(work: Work): Promise<Kept> {
    const known = this.#kept.get(keyOf(work));
    if (known?.work.deployment === work.deployment) return known;
    const target = await this.#world.makeTarget(work, () => undefined);
    const kept: Kept = { work, target, report: null };
    this.#kept.set(keyOf(work), kept);
    return kept;
  }

  /** Nothing of what was deployed here is ever looked after. */
  #isIdle(): boolean {
    return this.#works().every((work) => {
      const target = this.#kept.get(keyOf(work))?.target;
      return target !== undefined && target.keep === undefined;
    });
  }

  #works(): readonly Work[] {
    const { environments, notebook, host } = this.#world;
    return environments.flatMap((environment) => keptWorks(environment, host, notebook));
  }

  #forgetOthers(works: readonly Work[]): void {
    const keys = new Set(works.map(keyOf));
    for (const key of this.#kept.keys()) if (!keys.has(key)) this.#kept.delete(key);
  }

  /** Once for each reason: it is tried again every few seconds. */
  #tell(key: string, { job, target }: Work, error: unknown): void {
    const { code, message } = asSallyportError(error);
    if (this.#told.get(key) === message) return;
    this.#told.set(key, message);
    const facts = { environment: job.environment, target, code, message };
    this.#world.log.warn('a target could not be looked after', facts);
  }
}
