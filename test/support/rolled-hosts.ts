import type { LoggedJob, LoggedRecord } from '../../src/deploy/admit.ts';
import type { DeploymentView, UnitView } from '../../src/deploy/fold-deployment.ts';
import { foldEnvironment, type EnvironmentView } from '../../src/deploy/fold-environment.ts';
import { judgeStart } from '../../src/deploy/judge-start.ts';
import { isTroubled, whoseTurn } from '../../src/deploy/whose-turn.ts';
import type { UnitState } from '../../src/model/unit.ts';
import { recorder } from './jobs.ts';

/** How the units of a host come to their end, where it is not `done`. */
export type Fate = 'done' | 'rolled-back' | 'failed';

export interface Rolling {
  readonly job: LoggedJob;
  /** By host. */
  readonly fates: ReadonlyMap<string, Fate>;
  readonly random: () => number;
  /** How likely a host dies in a turn of its own, and how many turns it is then gone at most. */
  readonly dies: number;
  readonly goneFor: number;
  /** How likely the App leaves out a host whose turn it is, and that is gone; and somebody cancels. */
  readonly leavesOut: number;
  readonly cancels: number;
}

interface Agent {
  readonly host: string;
  /** How many records of the log it has read. */
  read: number;
  gone: number;
  work: { readonly unit: UnitView; readonly way: 'forward' | 'back'; isSure: boolean } | null;
}

/** Agents that read one log late, decide for themselves, die and come back; and what they do in truth. */
export class RolledHosts {
  readonly wrongs: string[] = [];
  /** Units that are changed on their host in truth. */
  readonly moved = new Set<string>();
  readonly #options: Rolling;
  readonly #say: ReturnType<typeof recorder>;
  readonly #log: LoggedRecord[];
  readonly #views: EnvironmentView[] = [];
  readonly #agents: readonly Agent[];
  #isCalm = false;

  constructor(options: Rolling) {
    this.#options = options;
    this.#say = recorder(options.job);
    this.#log = [this.#say.bound()];
    this.#agents = options.job.job.roster.map(({ name: host }) => ({
      host,
      read: 0,
      gone: 0,
      work: null,
    }));
  }

  /** As it is after all that was written. */
  get view(): EnvironmentView {
    return this.viewAt(this.#log.length);
  }

  get records(): readonly LoggedRecord[] {
    return this.#log;
  }

  viewAt(length: number): EnvironmentView {
    const { job } = this.#options;
    return (this.#views[length] ??= foldEnvironment('production', {
      jobs: [job],
      records: this.#log.slice(0, length),
    }));
  }

  /** Until nobody has anything to do; false where that does not come though nobody dies any more. */
  run(): boolean {
    const { random } = this.#options;
    for (let turn = 0; turn < 5_000; turn += 1) {
      this.#isCalm = turn > 1_000;
      if (turn % 10 === 0 && this.#isOver()) return true;
      this.#takeTurn(this.#agents[Math.floor(random() * this.#agents.length)]!);
      this.#interfere();
    }
    return false;
  }

  #isOver(): boolean {
    const isDone = (agent: Agent) =>
      agent.work === null && whoseTurn(this.view, agent.host).kind === 'idle';
    return this.view.running === null && this.#agents.every(isDone);
  }

  #takeTurn(agent: Agent): void {
    const { random, dies, goneFor } = this.#options;
    if (agent.gone > 0) {
      agent.gone -= 1;
      return;
    }
    if (!this.#isCalm && random() < dies) {
      agent.gone = Math.floor(random() * goneFor);
      return;
    }
    agent.read += Math.floor(random() * (this.#log.length - agent.read + 1));
    if (agent.work === null) this.#begin(agent);
    else if (!agent.work.isSure) this.#makeSure(agent, agent.work.unit);
    else if (random() < 0.4) this.#end(agent, agent.work);
  }

  #begin(agent: Agent): void {
    const turn = whoseTurn(this.viewAt(agent.read), agent.host);
    if (turn.kind !== 'act' && turn.kind !== 'roll-back') return;
    const { unit } = turn;
    // Its journal knows what it ended, whether or not it has read its own word.
    const known = this.view.deployments[0]!.units.find(
      ({ targetIndex, host }) => targetIndex === unit.targetIndex && host === unit.host,
    )!;
    if (known.state !== unit.state) return;
    const way = turn.kind === 'act' ? 'forward' : 'back';
    this.#write(agent.host, unit, way === 'forward' ? 'applying' : 'rolling-back');
    agent.work = { unit, way, isSure: way === 'back' };
    if (way === 'back') this.#count();
  }

  #makeSure(agent: Agent, unit: UnitView): void {
    const start = judgeStart(this.#options.job, this.#log, unit);
    if (start === 'in-turn') {
      agent.work = { unit, way: 'forward', isSure: true };
      this.#assertInTurn(unit);
      this.#count();
      return;
    }
    if (start === 'unseen' || start === 'undecided') return;
    const isCancelled = start === 'cancelled';
    this.#write(agent.host, unit, isCancelled ? 'failed' : 'rolled-back', isCancelled);
    agent.work = null;
  }

  #end(agent: Agent, { unit, way }: NonNullable<Agent['work']>): void {
    const name = `${unit.target}@${unit.host}`;
    const fate = way === 'back' ? 'rolled-back' : this.#options.fates.get(agent.host)!;
    if (fate === 'done') this.moved.add(name);
    if (fate === 'rolled-back') this.moved.delete(name);
    this.#write(agent.host, unit, fate);
    agent.work = null;
  }

  #write(host: string, unit: UnitView, state: UnitState, isCancelled = false): void {
    const reason = isCancelled ? 'cancelled' : 'none';
    this.#log.push(this.#say.unit(host, state, { target: unit.targetIndex, reason }));
  }

  /** What other than agents writes. */
  #interfere(): void {
    const { random, leavesOut, cancels } = this.#options;
    const { running } = this.view;
    if (!running) return;
    if (random() < cancels) this.#log.push(this.#say.act('cancelled', { reason: 'cancelled' }));
    if (random() >= leavesOut) return;
    const place = this.#agents.findIndex(
      ({ host, gone }) => gone > 0 && whoseTurn(this.view, host).kind === 'act',
    );
    const leave = { reason: 'host_skipped', subject: place } as const;
    if (place >= 0) this.#log.push(this.#say.act('skipped', leave));
  }

  /** Hosts at work, and hosts that are down as far as anybody says. */
  #count(): void {
    const { rollout } = this.#options.job.job;
    const { running } = this.view;
    const atWork = this.#agents.flatMap(({ host, work }) => (work?.isSure ? [host] : []));
    const out = new Set([...atWork, ...(running?.skipped ?? [])]);
    const most = rollout?.max_unavailable ?? 1;
    if (out.size > most) this.wrongs.push(`${[...out].join()} at once, ${most} may be`);
  }

  /** The deployment as it was when a host said that it begins with a unit. */
  #viewBefore(unit: UnitView): DeploymentView {
    const word = this.#log.findLastIndex(
      ({ record, signer }) =>
        record.kind === 'unit' &&
        record.state === 'applying' &&
        record.target === unit.targetIndex &&
        signer.kind === 'host' &&
        signer.host === unit.host,
    );
    return this.viewAt(word).deployments[0]!;
  }

  /** Nothing begins after a failure, nor before the waves below. */
  #assertInTurn(unit: UnitView): void {
    const before = this.#viewBefore(unit);
    // A cancel that came too late for the others stops nobody who was left out.
    const isLate = this.view.deployments[0]!.state === 'completed';
    if (before.over || (isLate && before.skipped.includes(unit.host!))) return;
    if (isTroubled(before)) this.wrongs.push(`${unit.host} began after a failure`);
    const isLeft = (each: UnitView) =>
      each.wave < unit.wave && each.state !== 'done' && !before.skipped.includes(each.host!);
    if (before.units.some(isLeft)) this.wrongs.push(`${unit.host} began before its wave`);
  }
}
