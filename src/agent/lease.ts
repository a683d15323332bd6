import type { LoggedRecord } from '../deploy/admit.ts';
import { foldLease, leaseMs, type LeaseView } from '../deploy/fold-lease.ts';
import type { Work } from '../deploy/journal-entries.ts';
import type { Reading } from '../deploy/reader.ts';
import { signRecord } from '../deploy/record-codec.ts';
import { asSallyportError } from '../model/errors.ts';
import type { SigningKey } from '../model/keys.ts';
import type { LeaseState } from '../model/record.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Log } from '../ports/log.ts';
import { decideLease, giveUpAfterMs, renewAfterMs } from './decide-lease.ts';
import { LeaseLost } from './lease-lost.ts';
import type { LedgerSource } from './ledger-source.ts';
import type { Notebook } from './notebook.ts';

export interface LeaseWorld {
  readonly host: string;
  readonly key: SigningKey;
  readonly ledger: Ledger;
  readonly source: LedgerSource;
  readonly notebook: Notebook;
  readonly clock: Clock;
  readonly log: Log;
}

/** What of a work its lease depends on. */
export type Leased = Pick<Work, 'deployment' | 'digest' | 'job' | 'target' | 'targetIndex'>;

/** Between two tries of a renewal that failed, in ms. */
const retryMs = leaseMs / 30;

/** The lease of one unit that lives on no host, as this agent claims and keeps it. */
export class Lease {
  readonly #world: LeaseWorld;
  readonly #unit: Leased;
  /** When the last claim or renewal that was taken was sent, by this machine's clock. */
  #sentAt: number | null = null;

  constructor(world: LeaseWorld, unit: Leased) {
    this.#world = world;
    this.#unit = unit;
  }

  /** Claims the lease and waits until it is sure; gives `null` where somebody else has it. */
  async take(signal: AbortSignal): Promise<LeaseView | null> {
    const { source, clock, host: me } = this.#world;
    let shown = 0;
    for (;;) {
      const { log, now } = await source.refresh(signal);
      const lease = this.#fold(log.records);
      const sinceSentMs = this.#sentAt === null ? null : clock.now() - this.#sentAt;
      const move = decideLease({ lease, me, now, shown, sinceSentMs });
      if (move.kind === 'act') return lease;
      if (move.kind === 'stand-back') return null;
      if (move.kind === 'read-again') {
        await clock.sleep(move.inMs, signal);
        shown = move.shown;
      } else {
        await this.#say(move.kind === 'claim' ? 'claimed' : 'renewed', signal);
        shown = 0;
      }
    }
  }

  /**
   * Does the work while the lease is kept. Its signal is aborted with LeaseLost when the lease
   * could not be renewed in time, or somebody else turns out to hold it.
   */
  async keep<Result>(
    work: (signal: AbortSignal) => Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result> {
    const lost = new AbortController();
    const ended = new AbortController();
    const until = AbortSignal.any([signal, ended.signal, lost.signal]);
    const loops = [this.#renew(lost, until), this.#watch(lost, until)].map((loop) =>
      loop.catch(() => undefined),
    );
    try {
      return await work(AbortSignal.any([signal, lost.signal]));
    } finally {
      ended.abort();
      await Promise.all(loops);
    }
  }

  /** Lets others have it at once rather than after its time. */
  async release(signal: AbortSignal): Promise<void> {
    try {
      await this.#say('released', signal);
    } catch (error) {
      const { code, message } = asSallyportError(error);
      this.#world.log.warn('a lease could not be released and will run out', { code, message });
    }
  }

  async #renew(lost: AbortController, until: AbortSignal): Promise<void> {
    const { clock, source, log, host } = this.#world;
    for (;;) {
      const due = (this.#sentAt ?? 0) + renewAfterMs;
      await clock.sleep(Math.max(0, due - clock.now()), until);
      try {
        await this.#say('renewed', until);
        const reading = await source.refresh(until);
        const { holder } = this.#fold(reading.log.records);
        if (holder !== host) {
          lost.abort(new LeaseLost(`the lease on ${this.#unit.target} is held by ${holder}`));
        }
      } catch (error) {
        until.throwIfAborted();
        const { code, message } = asSallyportError(error);
        log.warn('a lease could not be renewed yet', { code, message });
        await clock.sleep(retryMs, until);
      }
    }
  }

  /** Stands beside the renewals, so that even one that hangs cannot keep the work going. */
  async #watch(lost: AbortController, until: AbortSignal): Promise<void> {
    const { clock } = this.#world;
    for (;;) {
      const left = (this.#sentAt ?? 0) + giveUpAfterMs - clock.now();
      if (left <= 0) {
        lost.abort(new LeaseLost(`the lease on ${this.#unit.target} could not be renewed`));
        return;
      }
      await clock.sleep(left, until);
    }
  }

  async #say(state: LeaseState, signal: AbortSignal): Promise<void> {
    const { ledger, source, notebook, clock, key, host } = this.#world;
    const { deployment, digest, target, targetIndex, job } = this.#unit;
    const attempt = this.#nextAttempt(source.last);
    await notebook.write({ kind: 'lease-said', deployment, target, attempt });
    const token = signRecord(
      {
        kind: 'lease',
        state,
        job: digest,
        target: targetIndex,
        attempt,
        reason: 'none',
        at: source.now(),
      },
      key,
    );
    const sentAt = clock.now();
    const { environment } = job;
    const description = `${host} ${state} ${target}`.slice(0, 140);
    source.note(
      await ledger.append(
        { deployment, token, state: 'in_progress', environment, description },
        signal,
      ),
    );
    if (state !== 'released') this.#sentAt = sentAt;
  }

  /** Higher than that of any lease record that this agent ever wrote of the unit: equal ones would count once. */
  #nextAttempt(reading: Reading | null): number {
    const { deployment, target, targetIndex } = this.#unit;
    const seen = (reading?.log.records ?? []).flatMap(({ record, signer, ...entry }) =>
      entry.deployment === deployment &&
      record.kind === 'lease' &&
      record.target === targetIndex &&
      signer.kind === 'host' &&
      signer.host === this.#world.host
        ? [record.attempt]
        : [],
    );
    return Math.max(-1, this.#world.notebook.leaseAttempt(deployment, target), ...seen) + 1;
  }

  #fold(records: readonly LoggedRecord[]): LeaseView {
    const { deployment, targetIndex } = this.#unit;
    return foldLease(
      targetIndex,
      records.filter((entry) => entry.deployment === deployment),
    );
  }
}
