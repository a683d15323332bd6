import type { DeploymentView } from '../deploy/fold-deployment.ts';
import { hasBegun } from '../deploy/fold-deployment.ts';
import type { EnvironmentView } from '../deploy/fold-environment.ts';
import type { Work } from '../deploy/journal-entries.ts';
import { shortDigest } from '../deploy/record-codec.ts';
import { digestOf, type Digest } from '../model/digest.ts';
import { unitKey } from '../model/unit.ts';
import type { Prepared } from './run.ts';

/** How what is on this host differs from what was deployed last. */
export interface Drift {
  readonly environment: string;
  /** Equal for equal differences. */
  readonly digest: Digest;
  /** Units that differ, with what would mend them. */
  readonly units: readonly Prepared[];
}

/** `null` where nothing differs. */
export function driftOf(environment: string, looked: readonly Prepared[]): Drift | null {
  const units = looked.filter(({ plan }) => plan.changes.length > 0);
  if (units.length === 0) return null;
  const lines = units.map(({ work, plan }) => `${unitKey(work)} ${plan.digest}`).toSorted();
  return { environment, digest: shortDigest(digestOf(lines.join('\n'))), units };
}

/** Whether nothing of an environment is being changed: what waits before a gate changes nothing yet. */
export function isIdle(view: EnvironmentView | undefined): boolean {
  return !view?.running?.units.some(hasBegun);
}

/** The newest deployment on which a host may speak of itself; its own last work where the ledger is not known. */
export function spokenOn(
  view: EnvironmentView | undefined,
  host: string,
  works: readonly Work[],
): Pick<DeploymentView, 'deployment' | 'job' | 'digest'> | null {
  const newest = view?.deployments.findLast(({ job }) =>
    job.roster.some(({ name }) => name === host),
  );
  return newest ?? works.toSorted((a, b) => b.deployment - a.deployment)[0] ?? null;
}
