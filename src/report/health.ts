import type { DeploymentState } from '../model/deployment.ts';
import type {
  Health,
  ReportedDeployment,
  ReportedEnvironment,
  ReportedTarget,
  Sync,
} from './views.ts';

const fromBestToWorst: readonly Health[] = [
  'healthy',
  'unknown',
  'progressing',
  'degraded',
  'unhealthy',
];

/** Deployments in these states are changing something, or looking whether they may. */
const moving: ReadonlySet<DeploymentState> = new Set([
  'validating',
  'planning',
  'backing-up',
  'applying',
  'post-validating',
  'rolling-back',
]);

/** The health of several targets of a host, or of several hosts: the worst one; unknown for none. */
export function worstOf(healths: readonly Health[]): Health {
  const worst = Math.max(-1, ...healths.map((health) => fromBestToWorst.indexOf(health)));
  return fromBestToWorst[worst] ?? 'unknown';
}

/**
 * An environment's health: what was seen of its targets where somebody looked, else
 * what the ledger tells of its last deployment. The worst host counts.
 */
export function healthOf(
  environment: ReportedEnvironment,
  seen: readonly ReportedTarget[],
): Health {
  if (isMoving(environment)) return 'progressing';
  const told = healthAfter(environment.desired);
  if (seen.length === 0) return told;
  const hosts = Map.groupBy(seen, ({ host }) => host);
  const looks = (target: ReportedTarget) => (saysNothing(target) ? told : target.health);
  return worstOf([...hosts.values()].map((targets) => worstOf(targets.map(looks))));
}

/** Whether what people want to run is what runs. */
export function syncOf(environment: ReportedEnvironment): Sync {
  const { desired, lastGood, facts } = environment;
  if (facts.held.length > 0) return 'held';
  if (isMoving(environment)) return 'syncing';
  if (!desired || desired.state === 'skipped') return lastGood ? 'synced' : 'unknown';
  const hasDrifted = [...environment.hosts.values()].some(({ state }) => state === 'drifted');
  return desired.job.sha === lastGood?.job.sha && !hasDrifted ? 'synced' : 'out-of-sync';
}

/** It is there, and declares nothing by which one could tell how it is. */
function saysNothing({ health, version }: ReportedTarget): boolean {
  return health === 'unknown' && version !== null;
}

function isMoving({ running }: ReportedEnvironment): boolean {
  return running !== null && moving.has(running.state);
}

function healthAfter(deployment: ReportedDeployment | null): Health {
  if (!deployment) return 'unknown';
  if (deployment.state === 'completed' || deployment.state === 'rolled-back') return 'healthy';
  return deployment.state === 'failed' ? 'degraded' : 'unknown';
}
