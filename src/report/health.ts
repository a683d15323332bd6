import type {
  Health,
  ReportedDeployment,
  ReportedEnvironment,
  ReportedTarget,
  Sync,
} from './views.ts';

/**
 * An environment's health: what was seen of its targets where somebody looked, else
 * what the ledger tells of its last deployment. The worst answer counts.
 */
export function healthOf(
  environment: ReportedEnvironment,
  seen: readonly ReportedTarget[],
): Health {
  if (environment.running) return 'progressing';
  if (seen.length > 0) return worstOf(seen.map(({ health }) => health));
  return healthAfter(newestOf(environment));
}

/** Whether the newest accepted job is what runs. */
export function syncOf(environment: ReportedEnvironment): Sync {
  if (environment.running) return 'syncing';
  const desired = newestOf(environment);
  if (!desired || !environment.lastGood) return 'unknown';
  return desired.job.sha === environment.lastGood.job.sha ? 'synced' : 'out-of-sync';
}

const fromBestToWorst: readonly Health[] = [
  'healthy',
  'unknown',
  'progressing',
  'degraded',
  'unhealthy',
];

function worstOf(healths: readonly Health[]): Health {
  const worst = Math.max(-1, ...healths.map((health) => fromBestToWorst.indexOf(health)));
  return fromBestToWorst[worst] ?? 'unknown';
}

function healthAfter(deployment: ReportedDeployment | undefined): Health {
  if (!deployment) return 'unknown';
  if (deployment.state === 'completed' || deployment.state === 'rolled-back') return 'healthy';
  return deployment.state === 'failed' ? 'degraded' : 'unknown';
}

function newestOf(environment: ReportedEnvironment): ReportedDeployment | undefined {
  return environment.deployments.at(-1);
}
