import { decide } from '../../src/agent/decide.ts';
import { decideLease, giveUpAfterMs, renewAfterMs } from '../../src/agent/decide-lease.ts';
import type { Admitter, LoggedJob } from '../../src/deploy/admit.ts';
import type { UnitView } from '../../src/deploy/fold-deployment.ts';
import { LedgerReader } from '../../src/deploy/reader.ts';
import { shortDigest } from '../../src/deploy/record-codec.ts';
import type { LeaseState, LedgerRecord } from '../../src/model/record.ts';
import { unitKey, type UnitState } from '../../src/model/unit.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Ledger } from '../../src/ports/ledger.ts';
import { placeOf, tokenOf } from './jobs.ts';

/** Who works on what at this moment of a schedule; two at once are what must never be. */
export class Workplaces {
  readonly #holders = new Map<string, string>();
  readonly collisions: string[] = [];

  enter(unit: string, agent: string): void {
    const other = this.#holders.get(unit);
    if (other !== undefined && other !== agent)
      this.collisions.push(`${unit}: ${other} and ${agent}`);
    this.#holders.set(unit, agent);
  }

  leave(unit: string, agent: string): void {
    if (this.#holders.get(unit) === agent) this.#holders.delete(unit);
  }
}

export interface AgentOptions {
  readonly name: string;
  readonly ledger: Ledger;
  /** Shared by the readers of a schedule, so that a signature is verified once. */
  readonly admitter: Admitter;
  /** This machine's own clock, which may be minutes wrong. */
  readonly clock: Clock;
  readonly workplaces: Workplaces;
  readonly until: () => boolean;
}

/** An agent of a schedule: the real decisions, over work that is nothing but time, and a host that dies now and then. */
export class ScheduledAgent {
  readonly #options: AgentOptions;
  readonly #reader: LedgerReader;
  /** Units that ended here: what a real agent reads from its journal after a restart. */
  readonly #ended = new Set<string>();
  #leaseAttempt = 0;

  constructor(options: AgentOptions) {
    this.#options = options;
    this.#reader = new LedgerReader(options.ledger, options.admitter);
  }

  async run(): Promise<void> {
    const { clock, until } = this.#options;
    while (!until()) {
      await this.#turn().catch(() => undefined);
      await clock.sleep(1_000 + Math.floor(clock.random() * 4_000));
    }
  }

  async #turn(): Promise<void> {
    const { name } = this.#options;
    const { environments, now, log } = await this.#reader.refresh();
    const decision = decide({
      rules: {
        name,
        environments: ['production'],
        origins: ['app'],
        kinds: ['service', 'command'],
      },
      environments,
      now,
      memory: { past: () => undefined, ranAs: () => undefined, hasRefused: () => false },
    });
    if (decision.kind !== 'act') return;
    const { deployment, unit, direction } = decision;
    const job = log.jobs.find((known) => known.deployment === deployment.deployment)!;
    const work = `${job.deployment} ${unitKey(unit)} ${direction}`;
    if (unit.host === null) await this.#workUnderLease(job, unit, work);
    else if (!this.#ended.has(work))
      await this.#work(job, unit, work, now, () => Promise.resolve(true));
  }

  async #workUnderLease(job: LoggedJob, unit: UnitView, work: string): Promise<void> {
    const { name, clock } = this.#options;
    let shown = 0;
    let sentAt: number | null = null;
    const claim = async (state: LeaseState, at: number) => {
      const sending = clock.now();
      this.#leaseAttempt += 1;
      const attempt = this.#leaseAttempt;
      await this.#append(job, {
        kind: 'lease',
        state,
        target: unit.targetIndex,
        attempt,
        ...base(job, at),
      });
      sentAt = sending;
    };
    for (;;) {
      const { environments, now } = await this.#reader.refresh();
      const current = environments
        .get('production')!
        .running?.units.find((other) => unitKey(other) === unitKey(unit));
      if (!current || current.state === 'done') return;
      const sinceSentMs = sentAt === null ? null : clock.now() - sentAt;
      const move = decideLease({ lease: current.lease, me: name, now, shown, sinceSentMs });
      if (move.kind === 'stand-back') return;
      if (move.kind === 'act') break;
      if (move.kind === 'claim' || move.kind === 'renew') {
        shown = 0;
        await claim(move.kind === 'claim' ? 'claimed' : 'renewed', now);
      } else {
        shown = move.shown;
        await clock.sleep(move.inMs);
      }
    }
    await this.#work(job, unit, work, this.#now(), async () => {
      const since = clock.now() - sentAt!;
      if (since > giveUpAfterMs) return false;
      if (since >= renewAfterMs) await claim('renewed', this.#now()).catch(() => undefined);
      return clock.now() - sentAt! <= giveUpAfterMs;
    });
  }

  /** Works in slices of a few seconds; `mayGoOn` is asked between them. Dies in one of fifty slices. */
  async #work(
    job: LoggedJob,
    unit: UnitView,
    work: string,
    at: number,
    mayGoOn: () => Promise<boolean>,
  ): Promise<void> {
    const { name, clock, workplaces } = this.#options;
    const isBack = work.endsWith('back');
    await this.#say(job, unit, isBack ? 'rolling-back' : 'applying', at).catch(() => undefined);
    workplaces.enter(work, name);
    try {
      for (let slice = Math.floor(clock.random() * 20); slice >= 0; slice -= 1) {
        if (!(await mayGoOn())) return;
        if (clock.random() < 0.02) {
          workplaces.leave(work, name);
          await clock.sleep(Math.floor(clock.random() * 300_000));
          return;
        }
        await clock.sleep(Math.floor(clock.random() * 5_000));
      }
      if (!(await mayGoOn())) return;
    } finally {
      workplaces.leave(work, name);
    }
    this.#ended.add(work);
    const fails = !isBack && unit.host !== null && clock.random() < 0.1;
    await this.#sayUntilHeard(job, unit, isBack || fails ? 'rolled-back' : 'done');
  }

  /** What ended is kept until the ledger took it, as a real agent's journal does. */
  async #sayUntilHeard(job: LoggedJob, unit: UnitView, state: UnitState): Promise<void> {
    for (;;) {
      try {
        return await this.#say(job, unit, state, this.#now());
      } catch {
        await this.#options.clock.sleep(2_000);
      }
    }
  }

  #say(job: LoggedJob, unit: UnitView, state: UnitState, at: number): Promise<void> {
    const host = unit.host === null ? null : placeOf(job.job, unit.host);
    const { targetIndex: target, attempt } = unit;
    return this.#append(job, {
      kind: 'unit',
      state,
      target,
      host,
      attempt,
      plan: null,
      ...base(job, at),
    });
  }

  async #append({ deployment }: LoggedJob, record: LedgerRecord): Promise<void> {
    const token = tokenOf(record, this.#options.name);
    const write = {
      deployment,
      token,
      state: 'in_progress',
      environment: 'production',
      description: '',
    } as const;
    this.#reader.note(await this.#options.ledger.append(write));
  }

  #now(): number {
    return this.#options.clock.now();
  }
}

function base({ digest }: LoggedJob, at: number) {
  return { job: shortDigest(digest), reason: 'none', at } as const;
}
