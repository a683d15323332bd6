import type { Job, Rollout } from '../model/job.ts';
import type { DeploymentView, UnitView } from './fold-deployment.ts';
import { isChanging, mayGoBack } from './reduce-units.ts';

/** Hosts of a wave that go at once. */
export interface Batch {
  readonly wave: number;
  /**
   * Its number in its wave, from 1; `canary` comes first, `late` are the hosts that were left out;
   * `nowhere` are targets that live on no host.
   */
  readonly name: number | 'canary' | 'late' | 'nowhere';
  /** In the order in which they go. */
  readonly hosts: readonly (string | null)[];
}

type Rolled = Pick<DeploymentView, 'job' | 'units' | 'skipped'>;

/** One host after the other, for jobs that say nothing of it. */
const oneByOne: Rollout = { canary: 0, batch: 1, pause: 0, max_unavailable: 1, down: 'wait' };

export function rolloutOf({ rollout = oneByOne }: Pick<Job, 'rollout'>): Rollout {
  return rollout;
}

/** Every batch of a job in its order: waves outside, the canary and the batches of hosts inside. */
export function batchesOf({
  job,
  skipped,
}: Pick<DeploymentView, 'job' | 'skipped'>): readonly Batch[] {
  const waves = new Set(job.targets.map(({ wave }) => wave));
  return [...waves].toSorted((a, b) => a - b).flatMap((wave) => batchesOfWave(wave, job, skipped));
}

/** What goes forward now. */
export interface Front {
  readonly batch: Batch;
  /** When the pause before this batch is over, in ms of the ledger's clock; 0 where there is none. */
  readonly opensAt: number;
  /** One a host, the next that is to be done there; on no more hosts than may be without the service. */
  readonly units: readonly UnitView[];
}

/**
 * The batch at work; `null` where all is done. Hosts open in order, each as soon as one before it is
 * done, so that whoever reads an older log sees fewer of them open, never others.
 */
export function frontOf(view: Rolled): Front | null {
  const batches = batchesOf(view).filter(({ name }) => name !== 'late');
  const place = batches.findIndex((batch) => unitsOf(batch, view).some(isOpen));
  const batch = batches[place];
  if (!batch) return null;
  const { max_unavailable } = rolloutOf(view.job);
  const room = Math.max(1, max_unavailable - view.skipped.length);
  const units = batch.hosts
    .flatMap((host) => unitsOn(host, batch, view).find(isOpen) ?? [])
    .slice(0, room);
  return { batch, opensAt: opensAtOf(batch, batches[place - 1], view), units };
}

/**
 * What goes back now. What is under way comes to its end first; then the batches backwards, one unit
 * a host, on no more hosts at once than on the way there.
 */
export function retreatOf(view: Rolled): readonly UnitView[] {
  const forward = view.units.filter((unit) => isChanging(unit) && unit.state !== 'rolling-back');
  if (forward.length > 0) return forward;
  const batches = batchesOf(view).toReversed();
  const batch = batches.find((each) => unitsOf(each, view).some(isOwed));
  if (!batch) return [];
  const { max_unavailable } = rolloutOf(view.job);
  const room = Math.max(1, max_unavailable - view.skipped.length);
  return batch.hosts
    .toReversed()
    .flatMap((host) => unitsOn(host, batch, view).findLast(isOwed) ?? [])
    .slice(0, room);
}

/** Whether a unit counts for what becomes of the deployment: those of hosts that were left out do not. */
export function isCounted({ host }: Pick<UnitView, 'host'>, skipped: readonly string[]): boolean {
  return host === null || !skipped.includes(host);
}

function batchesOfWave(wave: number, job: Job, skipped: readonly string[]): readonly Batch[] {
  const targets = job.targets.filter((target) => target.wave === wave);
  const named = new Set(targets.flatMap(({ hosts }) => hosts));
  const inOrder = job.roster.flatMap(({ name }) => (named.has(name) ? [name] : []));
  const hosts = inOrder.filter((name) => !skipped.includes(name));
  const { canary, batch } = rolloutOf(job);
  const rest = hosts.slice(canary);
  const count = Math.ceil(rest.length / batch);
  const batches: readonly Batch[] = [
    {
      wave,
      name: 'nowhere',
      hosts: targets.some((target) => target.hosts.length === 0) ? [null] : [],
    },
    { wave, name: 'canary', hosts: hosts.slice(0, canary) },
    ...Array.from({ length: count }, (_, index) => ({
      wave,
      name: index + 1,
      hosts: rest.slice(index * batch, (index + 1) * batch),
    })),
    { wave, name: 'late', hosts: inOrder.filter((name) => skipped.includes(name)) },
  ];
  return batches.filter((each) => each.hosts.length > 0);
}

/** Only what changed something is worth a look before others follow. */
function opensAtOf(batch: Batch, before: Batch | undefined, view: Rolled): number {
  const { pause } = rolloutOf(view.job);
  if (pause === 0 || before?.wave !== batch.wave || before.name === 'nowhere') return 0;
  const ends = unitsOf(before, view)
    .filter(mayGoBack)
    .map(({ at }) => at);
  return ends.length === 0 ? 0 : Math.max(...ends) + pause;
}

function unitsOf(batch: Batch, { units }: Rolled): readonly UnitView[] {
  return units.filter(({ wave, host }) => wave === batch.wave && batch.hosts.includes(host));
}

/** In the order of the job's targets. */
function unitsOn(host: string | null, batch: Batch, view: Rolled): readonly UnitView[] {
  return unitsOf(batch, view).filter((unit) => unit.host === host);
}

function isOpen({ state }: UnitView): boolean {
  return state !== 'done';
}

function isOwed(unit: UnitView): boolean {
  return unit.state === 'rolling-back' || mayGoBack(unit);
}
