import type { QueuedRecord, Work } from '../deploy/journal-entries.ts';
import { signRecord } from '../deploy/record-codec.ts';
import { asSallyportError } from '../model/errors.ts';
import type { Digest } from '../model/digest.ts';
import type { Job } from '../model/job.ts';
import type { SigningKey } from '../model/keys.ts';
import type { Reason } from '../model/reason.ts';
import type { HostState } from '../model/record.ts';
import { unitKey, type UnitState } from '../model/unit.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger, PlanNote } from '../ports/ledger.ts';
import type { Log } from '../ports/log.ts';
import { pauseAfter, type Pace } from './backoff.ts';
import { Bell } from './bell.ts';
import { describeRecord } from './describe.ts';
import type { AgentListener } from './events.ts';
import { closingsOf, githubStateWith } from './fold-ahead.ts';
import type { LedgerSource } from './ledger-source.ts';
import type { Notebook } from './notebook.ts';
import { planNote } from './plan-note.ts';
import type { PolicyNow } from './policy-now.ts';
import type { PlanStore } from './plan-store.ts';

export interface ReportWorld {
  readonly host: string;
  readonly key: SigningKey;
  readonly ledger: Ledger;
  readonly source: LedgerSource;
  readonly notebook: Notebook;
  readonly clock: Clock;
  readonly log: Log;
  readonly on: AgentListener;
  readonly pace: Pace;
  /** Where people read on about a job. */
  readonly linkOf: (job: Job) => string | null;
  /** Where what was deployed is found. */
  readonly policyNow: PolicyNow;
  readonly plans: Pick<PlanStore, 'plansOf'>;
  /** Which deployments are in this ledger. */
  readonly isOwn: (deployment: number) => boolean;
}

/** What a host says of itself. */
export interface OwnWord {
  readonly state: HostState;
  readonly reason: Reason;
  /** Rises with everything that it says in an environment. */
  readonly number: number;
  readonly plan: Digest | null;
  /** The only target that it is about, where there is one. */
  readonly target?: string | undefined;
  readonly words: string;
}

/** What of a unit stands in a record. */
export type Spoken = Omit<Work, 'plan' | 'version' | 'config' | 'retry' | 'heal'> &
  Partial<Pick<Work, 'plan'>>;

/** How long the loop sleeps when nobody rings, in ms; only a safeguard. */
const idleMs = 600_000;
/** How long a deployment that takes no records is left alone, in ms. */
const blockedMs = 300_000;

/** Brings this host's records to the ledger: in order, each until the ledger has it, whatever happens meanwhile. */
export class Report {
  readonly #world: ReportWorld;
  readonly #bell: Bell;
  #waiting: { readonly isDone: () => boolean; readonly resolve: () => void }[] = [];

  constructor(world: ReportWorld) {
    this.#world = world;
    this.#bell = new Bell(world.clock);
  }

  /** Signs what this host says of a unit. Resolves when it is in the journal; the ledger gets it later. */
  async say(work: Spoken, state: UnitState, reason: Reason, words: string): Promise<void> {
    const { host, key, notebook, source, linkOf } = this.#world;
    if (notebook.hasSaid(work, state)) return;
    const token = signRecord(
      {
        kind: 'unit',
        job: work.digest,
        state,
        reason,
        target: work.targetIndex,
        host: work.host === null ? null : work.job.roster.findIndex(({ name }) => name === host),
        attempt: work.attempt,
        plan: work.plan ?? null,
        at: source.now(),
      },
      key,
    );
    const record: QueuedRecord = {
      deployment: work.deployment,
      environment: work.job.environment,
      token,
      unit: unitKey(work),
      state,
      attempt: work.attempt,
      description: describeRecord(host, state, words),
      link: linkOf(work.job),
    };
    await notebook.write({ kind: 'record-queued', record });
    this.#bell.ring();
  }

  /** Signs what this host says of itself, on a deployment whose roster names it. As `say`. */
  async sayOfHost(
    { deployment, job, digest }: Pick<Work, 'deployment' | 'job' | 'digest'>,
    { state, reason, number, plan, target, words }: OwnWord,
  ): Promise<void> {
    const { host, key, notebook, source, linkOf } = this.#world;
    const place = job.roster.findIndex(({ name }) => name === host);
    if (place < 0) return;
    const at = source.now();
    const about = job.targets.findIndex(({ name }) => name === target);
    const token = signRecord(
      {
        kind: 'host',
        job: digest,
        state,
        reason,
        host: place,
        number,
        plan,
        at,
        ...(about < 0 ? {} : { target: about }),
      },
      key,
    );
    const record: QueuedRecord = {
      deployment,
      environment: job.environment,
      token,
      unit: host,
      state,
      attempt: number,
      description: describeRecord(host, state, words),
      link: linkOf(job),
    };
    await notebook.write({ kind: 'record-queued', record });
    this.#bell.ring();
  }

  /** Resolves when the ledger has everything that was said until then; rejects when aborted. */
  async flushed(signal: AbortSignal): Promise<void> {
    await this.#until(() => this.#unwritten().length === 0, signal);
  }

  /** Resolves when the ledger has everything that was said of a deployment; rejects when aborted. */
  async taken(deployment: number, signal: AbortSignal): Promise<void> {
    const isDone = () => !this.#unwritten().some((each) => each.deployment === deployment);
    await this.#until(isDone, signal);
  }

  /** Writes what there is to write until aborted. `onWritten` is told of each record that the ledger has. */
  async run(signal: AbortSignal, onWritten: () => void): Promise<void> {
    const { clock } = this.#world;
    const blocked = new Map<number, number>();
    let failures = 0;
    while (!signal.aborted) {
      const next = this.#unwritten().find(
        ({ deployment }) => (blocked.get(deployment) ?? 0) <= clock.now(),
      );
      if (!next) {
        await this.#bell.wait(blocked.size > 0 ? blockedMs : idleMs, signal);
        continue;
      }
      try {
        await this.#deliver(next, signal);
        failures = 0;
        blocked.delete(next.deployment);
        this.#tellWaiting();
        onWritten();
      } catch (error) {
        signal.throwIfAborted();
        failures += 1;
        // What the ledger refuses for one deployment must not keep the others from being told.
        const { next: then } = asSallyportError(error);
        if (then === 'user' || then === 'stalled') {
          blocked.set(next.deployment, clock.now() + blockedMs);
        }
        await this.#pause(failures, error, signal);
      }
    }
  }

  async #until(isDone: () => boolean, signal: AbortSignal): Promise<void> {
    if (isDone()) return;
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push({ isDone, resolve });
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
  }

  #tellWaiting(): void {
    const { true: done = [], false: left = [] } = Object.groupBy(this.#waiting, ({ isDone }) =>
      isDone() ? 'true' : 'false',
    );
    this.#waiting = left;
    done.forEach(({ resolve }) => resolve());
  }

  #unwritten(): readonly QueuedRecord[] {
    const { notebook, isOwn } = this.#world;
    return notebook.unwritten.filter(({ deployment }) => isOwn(deployment));
  }

  async #deliver(queued: QueuedRecord, signal: AbortSignal): Promise<void> {
    const { notebook, on } = this.#world;
    await this.#append(queued, signal);
    await notebook.write({ kind: 'record-taken', token: queued.token });
    const { deployment, unit, state, description } = queued;
    on({ kind: 'record-written', deployment, unit, state, description });
  }

  async #append(queued: QueuedRecord, signal: AbortSignal): Promise<void> {
    const { ledger, source, host } = this.#world;
    const { deployment, token, environment, description, link } = queued;
    if (!source.hasAnswered) await source.refresh(signal);
    const state = githubStateWith(source.last, queued, host);
    const write = { deployment, token, state, environment, description };
    const plan = await this.#noteOf(queued);
    const url = state === 'success' ? await this.#urlOf(environment, signal) : undefined;
    const extras = {
      ...(link === null ? {} : { link }),
      ...(plan === null ? {} : { plan }),
      ...(url === undefined ? {} : { url }),
    };
    source.note(await ledger.append({ ...write, ...extras }, signal));
    if (!isEnd(queued.state)) return await source.showNoted();
    const reading = await source.refresh(signal);
    for (const closing of closingsOf(reading, deployment, state)) {
      await ledger.show(closing.deployment, closing.state, closing.description, signal);
    }
  }

  /** For people: a policy that cannot be read now holds no record back. */
  async #urlOf(environment: string, signal: AbortSignal): Promise<string | undefined> {
    try {
      return (await this.#world.policyNow(environment, signal)).environment.url;
    } catch {
      signal.throwIfAborted();
      return undefined;
    }
  }

  async #noteOf({ deployment, unit, state }: QueuedRecord): Promise<PlanNote | null> {
    if (state !== 'planned') return null;
    const { source, plans } = this.#world;
    const logged = source.last?.log.jobs.find((each) => each.deployment === deployment);
    const plan = (await plans.plansOf(deployment)).find(
      ({ name, host }) => unitKey({ target: name, host }) === unit,
    );
    return logged && plan ? planNote(logged.job, plan) : null;
  }

  async #pause(failures: number, error: unknown, signal: AbortSignal): Promise<void> {
    const { clock, log, pace } = this.#world;
    const { code, message } = asSallyportError(error);
    const pause = pauseAfter(failures, error, pace, clock.random());
    log.warn('a record could not be written yet', { code, message, pause_ms: pause });
    await clock.sleep(pause, signal);
  }
}

function isEnd(state: QueuedRecord['state']): boolean {
  // A job that only plans is over with its last plan.
  return ['planned', 'done', 'rolled-back', 'failed'].includes(state);
}
