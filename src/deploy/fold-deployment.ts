import type { DeploymentState } from '../model/deployment.ts';
import type { Digest } from '../model/digest.ts';
import { changesTargets, isStateOperation, type Job } from '../model/job.ts';
import type { Reason } from '../model/reason.ts';
import type { ActRecord, ActState, UnitRecord } from '../model/record.ts';
import type { Unit, UnitState } from '../model/unit.ts';
import type { LoggedJob, LoggedRecord } from './admit.ts';
import { freshLease, stepLease, type LeaseView } from './fold-lease.ts';
import {
  isChanging,
  isSettled,
  mayGoBack,
  reducePlans,
  reduceUnits,
  type Reduced,
} from './reduce-units.ts';
import { pathBetween, unitTransitions } from './transitions.ts';

/** Where a unit stands, and how it came there. */
export interface UnitView extends Unit {
  /** Place of the target in the job's `targets`. */
  readonly targetIndex: number;
  readonly state: UnitState;
  readonly reason: Reason;
  readonly attempt: number;
  /** The first 16 bytes of the plan's digest; `null` before there is one. */
  readonly plan: Digest | null;
  /** When the ledger took the record that brought it here; the job's own time at first. */
  readonly at: number;
  /** Every state on its way, `waiting` first. */
  readonly path: readonly UnitState[];
  /** Of a unit on no host; of others nobody ever holds it. */
  readonly lease: LeaseView;
}

export interface DeploymentView {
  readonly deployment: number;
  readonly job: Job;
  readonly digest: Digest;
  readonly state: DeploymentState;
  readonly reason: Reason;
  /** Whether the App bound the job to this deployment; nothing starts before it. */
  readonly bound: boolean;
  /** Nothing more is to be done for it. */
  readonly over: boolean;
  readonly units: readonly UnitView[];
  /** What people said of it while it waited, in the order of the ledger. */
  readonly acts: readonly LoggedAct[];
  /**
   * Somebody cancelled it when it had begun: nothing more of it begins, and the unit under way
   * stops before its next step where that is still safe. `null` where nobody did.
   */
  readonly stopping: LoggedAct | null;
  /** Hosts that were down at their turn and are left out: they catch up when they return. */
  readonly skipped: readonly string[];
  /** When the ledger took the job. */
  readonly at: number;
  readonly endedAt: number | null;
}

/** A person's word on a deployment that counted: `approved`, or what ended it. */
export interface LoggedAct {
  readonly state: ActState;
  /** GitHub's user id, or the uid of a person on the host. */
  readonly person: number;
  /** The plan that was approved; its first 16 bytes. */
  readonly plan: Digest | null;
  readonly at: number;
  /** Who and why, for people; unsigned, '' where unknown. */
  readonly words: string;
}

/**
 * A deployment after the given records (of any deployment; others are passed over). A record
 * that no transition leads to is passed over too, so that every reader comes to the same state.
 */
export function foldDeployment(job: LoggedJob, records: readonly LoggedRecord[]): DeploymentView {
  return records
    .filter((entry) => entry.deployment === job.deployment)
    .reduce(stepDeployment, freshDeployment(job));
}

/** A deployment after one more record of it. */
export function stepDeployment(view: DeploymentView, entry: LoggedRecord): DeploymentView {
  const { record } = entry;
  if (record.kind === 'act') return stepAct(view, record, entry);
  if (record.kind === 'host' || isFinal(view)) return view;
  const units = view.units.map((unit) =>
    unit.targetIndex === record.target ? stepUnit(unit, entry, view.job) : unit,
  );
  const reduced = reduce(view, units, view.bound);
  return { ...view, units, ...reduced, endedAt: reduced.over ? (view.endedAt ?? entry.at) : null };
}

/** Whether a unit's target was changed, or may have been: from backing up on. */
export function hasBegun(unit: UnitView): boolean {
  const { path } = unit;
  return path.includes('backing-up') || path.includes('rolling-back') || mayGoBack(unit);
}

/** Whether people may still end it: nothing of it has begun to be changed. */
export function mayBeStopped({ over, units }: DeploymentView): boolean {
  return !over && !units.some(hasBegun);
}

function freshDeployment({ deployment, job, digest, at }: LoggedJob): DeploymentView {
  const units = unitsOf(job, at);
  const reduced = reduce({ job, stopping: null, skipped: [] }, units, false);
  return {
    deployment,
    job,
    digest,
    at,
    ...reduced,
    bound: false,
    acts: [],
    stopping: null,
    skipped: [],
    units,
    endedAt: null,
  };
}

function unitsOf(job: Job, at: number): readonly UnitView[] {
  if (isStateOperation(job.operation)) return [];
  return job.targets.flatMap(({ name, wave, hosts }, targetIndex) =>
    (hosts.length > 0 ? hosts : [null]).map((host): UnitView => ({
      target: name,
      host,
      wave,
      targetIndex,
      state: 'waiting',
      reason: 'queued',
      attempt: 1,
      plan: null,
      at,
      path: ['waiting'],
      lease: freshLease,
    })),
  );
}

function reduce(
  { job, stopping, skipped }: Pick<DeploymentView, 'job' | 'stopping' | 'skipped'>,
  units: readonly UnitView[],
  bound: boolean,
): Reduced {
  if (job.operation === 'plan') return reducePlans(units);
  if (changesTargets(job.operation)) {
    const { counted = [], late } = Object.groupBy(units, ({ host }) =>
      host !== null && skipped.includes(host) ? 'late' : 'counted',
    );
    return reduceUnits(counted, job.on_failure, stopping !== null, late);
  }
  return bound
    ? { state: 'completed', reason: 'none', over: true }
    : { state: 'pending', reason: 'queued', over: false };
}

function stepAct(
  view: DeploymentView,
  record: ActRecord,
  { at, words = '' }: LoggedRecord,
): DeploymentView {
  const { state, reason, subject: person, plan } = record;
  if (state === 'bound') {
    if (view.over) return { ...view, bound: true };
    const reduced = reduce(view, view.units, true);
    return { ...view, bound: true, ...reduced, endedAt: reduced.over ? at : null };
  }
  if (reason === 'host_skipped') return leaveOut(view, person, at);
  const act = { state, person, plan, at, words };
  const acts = [...view.acts, act];
  if (state === 'approved') return view.over ? view : { ...view, acts };
  if (mayBeStopped(view)) return { ...view, acts, state, reason, over: true, endedAt: at };
  const isLate = view.over || view.stopping !== null || state !== 'cancelled';
  return isLate ? view : stopUnderWay({ ...view, acts, stopping: act }, at);
}

/**
 * The App says that a host is down, by its place in the roster. It counts where the job allows it,
 * the host is not at work, another one is left, and one may still be at work beside those that are down.
 */
function leaveOut(view: DeploymentView, place: number, at: number): DeploymentView {
  const { job, over, stopping } = view;
  const { name } = job.roster[place] ?? {};
  if (name === undefined || view.skipped.includes(name) || over || stopping !== null) return view;
  const skipped = [...view.skipped, name];
  const room = Math.min(job.rollout?.max_unavailable ?? 1, job.roster.length);
  const isAtWork = view.units.some((unit) => unit.host === name && isChanging(unit));
  if (job.rollout?.down !== 'skip' || isAtWork || skipped.length >= room) return view;
  const units = view.units.map((unit) =>
    unit.host === name && !isSettled(unit)
      ? { ...unit, reason: 'host_skipped' as const, at }
      : unit,
  );
  const reduced = reduce({ ...view, skipped }, units, view.bound);
  return { ...view, skipped, units, ...reduced, endedAt: reduced.over ? at : null };
}

/** What has begun comes to its end, or goes back; what has not does not begin any more. */
function stopUnderWay(view: DeploymentView, at: number): DeploymentView {
  const reduced = reduce(view, view.units, view.bound);
  return { ...view, ...reduced, endedAt: reduced.over ? at : null };
}

/** Only a completed deployment may still go back. */
function isFinal({ over, state, job }: DeploymentView): boolean {
  return over && (state !== 'completed' || !changesTargets(job.operation));
}

function stepUnit(unit: UnitView, entry: LoggedRecord, job: Job): UnitView {
  const { record } = entry;
  if (record.kind === 'lease') {
    return unit.host === null
      ? { ...unit, lease: stepLease(unit.lease, unit.targetIndex, entry) }
      : unit;
  }
  if (record.kind !== 'unit' || !speaksOf(record, entry, unit, job)) return unit;
  const path = pathBetween(unitTransitions, unit.state, record.state);
  if (!path || record.attempt < unit.attempt) return unit;
  if (job.operation === 'plan' && path.some((state) => isChanging({ state }))) return unit;
  const { state, reason, attempt } = record;
  const plan = record.plan ?? unit.plan;
  return { ...unit, state, reason, attempt, plan, at: entry.at, path: [...unit.path, ...path] };
}

/** A unit on no host is spoken of by whoever holds its lease, and by nobody else. */
function speaksOf(record: UnitRecord, entry: LoggedRecord, unit: UnitView, job: Job): boolean {
  if (unit.host !== null)
    return record.host !== null && job.roster[record.host]?.name === unit.host;
  return (
    record.host === null && entry.signer.kind === 'host' && entry.signer.host === unit.lease.holder
  );
}
