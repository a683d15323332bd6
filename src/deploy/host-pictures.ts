import type { DeploymentView, UnitView } from './fold-deployment.ts';
import { isChanging, isSettled, mayGoBack } from './reduce-units.ts';
import { batchesOf, frontOf, retreatOf, type Batch } from './rollout.ts';
import { isTroubled } from './whose-turn.ts';

/** One host of a deployment, for people. */
export interface HostPicture {
  readonly host: string;
  /** `canary`, `batch 2`; with its wave where there are several. */
  readonly batch: string;
  /** Of its unit that is least far; `left out` where the rollout goes on without it. */
  readonly state: string;
  /** `null` where it waits for nothing, or nobody knows for what. */
  readonly waits: string | null;
}

type Pictured = Pick<
  DeploymentView,
  'job' | 'units' | 'skipped' | 'stopping' | 'state' | 'over' | 'bound'
>;

/**
 * Where each host of a rollout stands, in the order in which they go. None for a job whose hosts
 * follow each other one by one: its units say it all. `silent` are hosts that were not heard of, by name.
 */
export function picturesOf(
  view: Pictured,
  now: number,
  silent: ReadonlyMap<string, number> = new Map(),
): readonly HostPicture[] {
  if (view.job.rollout === undefined) return [];
  const batches = batchesOf(view);
  return view.job.roster
    .map(({ name: host }) => ({ host, at: batches.findIndex(isAt(host, view)) }))
    .filter(({ at }) => at >= 0)
    .toSorted((a, b) => a.at - b.at)
    .map(({ host, at }) => {
      const batch = batches[at]!;
      const since = silent.get(host);
      const lost = since === undefined ? null : `not heard of since ${timeOf(since)}`;
      const waits = lost ?? waitOf(host, view, now);
      return { host, batch: nameOf(batch, batches), state: stateOf(host, view), waits };
    });
}

/** The batch of a host in the wave that it is at: its first one that is not done, else its last. */
function isAt(host: string, view: Pictured): (batch: Batch) => boolean {
  const own = view.units.filter((unit) => unit.host === host);
  const waves = own.toSorted((a, b) => a.wave - b.wave);
  const at = waves.find(({ state }) => state !== 'done') ?? waves.at(-1);
  return ({ wave, hosts }) => wave === at?.wave && hosts.includes(host);
}

function nameOf({ wave, name }: Batch, batches: readonly Batch[]): string {
  const words = typeof name === 'number' ? `batch ${name}` : name;
  const isOneWave = batches.every((batch) => batch.wave === wave);
  return isOneWave ? words : `wave ${wave}, ${words}`;
}

function stateOf(host: string, view: Pictured): string {
  const own = view.units.filter((unit) => unit.host === host);
  const open = own.find(({ state }) => state !== 'done') ?? own.at(-1);
  const isLeftOut = view.skipped.includes(host) && open?.state === 'waiting';
  return isLeftOut ? 'left out' : (open?.state ?? 'waiting');
}

function waitOf(host: string, view: Pictured, now: number): string | null {
  const own = view.units.filter((unit) => unit.host === host);
  if (view.skipped.includes(host)) {
    return own.every(isSettled) || own.some(isChanging) ? null : 'its return';
  }
  if (view.over || own.some(isChanging)) return null;
  if (isTroubled(view)) return own.some(mayGoBack) ? hostsBefore(host, retreatOf(view)) : null;
  if (own.every(({ state }) => state === 'done')) return null;
  const front = frontOf(view);
  if (!front) return null;
  if (now < front.opensAt) return `the end of the pause at ${timeOf(front.opensAt)}`;
  return hostsBefore(host, front.units);
}

/** `null` where it is its own turn: its unit says what it waits for then. */
function hostsBefore(host: string, units: readonly UnitView[]): string | null {
  const hosts = new Set(units.map((unit) => unit.host ?? unit.target));
  return hosts.size === 0 || hosts.has(host) ? null : [...hosts].join(', ');
}

function timeOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
