import { cancelledBy } from '../../src/agent/cancelled-by.ts';
import { decideLease, giveUpAfterMs, renewAfterMs } from '../../src/agent/decide-lease.ts';
import type { Admitter, LoggedJob } from '../../src/deploy/admit.ts';
import { approvalsOf } from '../../src/deploy/approvals.ts';
import { hasBegun, type DeploymentView, type UnitView } from '../../src/deploy/fold-deployment.ts';
import type { EnvironmentView } from '../../src/deploy/fold-environment.ts';
import { LedgerReader } from '../../src/deploy/reader.ts';
import { shortDigest } from '../../src/deploy/record-codec.ts';
import { whoseTurn } from '../../src/deploy/whose-turn.ts';
import { digestOf, type Digest } from '../../src/model/digest.ts';
import type { Job } from '../../src/model/job.ts';
import type { LeaseState, LedgerRecord, UnitRecord } from '../../src/model/record.ts';
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

/** What a unit would change, as it is in truth; it differs now and then though nobody deployed. */
export class Plans {
  readonly #drifts = new Map<string, number>();
  readonly #approved = new Set<string>();
  /** Units of deployments that ask that were begun with a plan that nobody had approved. */
  readonly unapproved: string[] = [];
  begun = 0;

  /** Before it is written: the answer to a write may be lost. */
  approve(unit: string, plan: Digest | null): void {
    this.#approved.add(`${unit} ${plan}`);
  }

  begin(unit: string, plan: Digest | null): void {
    this.begun += 1;
    if (!this.#approved.has(`${unit} ${plan}`)) this.unapproved.push(`${unit} ${plan}`);
  }

  planOf(unit: string, random: () => number): Digest {
    const drifts = (this.#drifts.get(unit) ?? 0) + (random() < 0.05 ? 1 : 0);
    this.#drifts.set(unit, drifts);
    return shortDigest(digestOf(`${unit} ${drifts}`));
  }
}

/** Whether people must approve before anything of a job is applied. */
export function asks({ flags }: Job): boolean {
  return flags['ask'] === true;
}

/** Names a unit of a deployment among all deployments. */
export function nameOf({ deployment }: { readonly deployment: number }, unit: UnitView): string {
  return `${deployment} ${unitKey(unit)}`;
}

export interface AgentOptions {
  readonly name: string;
  readonly ledger: Ledger;
  /** Shared by the readers of a schedule, so that a signature is verified once. */
  readonly admitter: Admitter;
  /** This machine's own clock, which may be minutes wrong. */
  readonly clock: Clock;
  readonly workplaces: Workplaces;
  readonly plans: Plans;
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
    const view = environments.get('production');
    if (!view) return;
    const planFirst = view.running !== null && asks(view.running.job);
    const turn = whoseTurn(view, name, { planFirst, now });
    if (turn.kind === 'idle' || turn.kind === 'wait') return;
    const { unit } = turn;
    const deployment = openOf(view, turn.deployment)!;
    const job = log.jobs.find((known) => known.deployment === turn.deployment)!;
    const isPlan = turn.kind === 'plan' || !this.#mayBegin(deployment, unit);
    if (isPlan && turn.kind !== 'plan' && unit.plan === this.#planNow(job, unit)) return;
    const work = `${nameOf(job, unit)} ${turn.kind === 'roll-back' ? 'back' : 'forward'}`;
    const act = (at: number, mayGoOn: () => Promise<boolean>) =>
      isPlan ? this.#plan(job, unit, at) : this.#work(job, unit, work, at, mayGoOn);
    if (unit.host === null) await this.#underLease(job, unit, act);
    else if (!this.#ended.has(work)) await act(now, () => Promise.resolve(true));
  }

  /** Whether people approved what would be done now, where they are to. */
  #mayBegin(deployment: DeploymentView, unit: UnitView): boolean {
    if (!asks(deployment.job) || hasBegun(unit)) return true;
    const isAsPlanned = unit.plan === this.#planNow(deployment, unit);
    return isAsPlanned && approvalsOf(deployment).approvals.length > 0;
  }

  #planNow(deployment: { readonly deployment: number }, unit: UnitView): Digest {
    const { plans, clock } = this.#options;
    return plans.planOf(nameOf(deployment, unit), () => clock.random());
  }

  #plan(job: LoggedJob, unit: UnitView, at: number): Promise<void> {
    const attempt = unit.plan === null ? unit.attempt : unit.attempt + 1;
    const plan = this.#planNow(job, unit);
    return this.#say(job, unit, 'planned', at, { attempt, plan, reason: 'awaiting_approval' });
  }

  async #underLease(
    job: LoggedJob,
    unit: UnitView,
    act: (at: number, mayGoOn: () => Promise<boolean>) => Promise<void>,
  ): Promise<void> {
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
      const current = openOf(environments.get('production')!, job.deployment)?.units.find(
        (other) => unitKey(other) === unitKey(unit),
      );
      if (current?.state !== unit.state || current.plan !== unit.plan) return;
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
    await act(this.#now(), async () => {
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
    if (asks(job.job) && !isBack && !hasBegun(unit)) {
      this.#options.plans.begin(nameOf(job, unit), unit.plan);
    }
    await this.#say(job, unit, isBack ? 'rolling-back' : 'applying', at).catch(() => undefined);
    workplaces.enter(work, name);
    let isStopped = false;
    try {
      for (let slice = Math.floor(clock.random() * 20); slice >= 0; slice -= 1) {
        if (!(await mayGoOn())) return;
        if (clock.random() < 0.02) {
          workplaces.leave(work, name);
          await clock.sleep(Math.floor(clock.random() * 300_000));
          return;
        }
        await clock.sleep(Math.floor(clock.random() * 5_000));
        isStopped = !isBack && clock.random() < 0.3 && (await this.#isStopped(job));
        if (isStopped) break;
      }
      if (!(await mayGoOn())) return;
    } finally {
      workplaces.leave(work, name);
    }
    this.#ended.add(work);
    const fails = isStopped || (!isBack && unit.host !== null && clock.random() < 0.1);
    await this.#sayUntilHeard(job, unit, isBack || fails ? 'rolled-back' : 'done');
  }

  /** Whether people took the deployment back meanwhile. */
  async #isStopped(job: LoggedJob): Promise<boolean> {
    const reading = await this.#reader.refresh().catch(() => null);
    return reading !== null && cancelledBy(job, [reading]) !== null;
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

  #say(
    job: LoggedJob,
    unit: UnitView,
    state: UnitState,
    at: number,
    changes: Partial<UnitRecord> = {},
  ): Promise<void> {
    const host = unit.host === null ? null : placeOf(job.job, unit.host);
    const { targetIndex: target, attempt, plan } = unit;
    return this.#append(job, {
      kind: 'unit',
      state,
      target,
      host,
      attempt,
      plan,
      ...base(job, at),
      ...changes,
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

function openOf(view: EnvironmentView, deployment: number): DeploymentView | undefined {
  const open = view.running ? [view.running, ...view.plans] : view.plans;
  return open.find((each) => each.deployment === deployment);
}

function base({ digest }: LoggedJob, at: number) {
  return { job: shortDigest(digest), reason: 'none', at } as const;
}
