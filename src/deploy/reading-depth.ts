import type { Digest } from '../model/digest.ts';
import type { LoggedJob } from './admit.ts';
import type { EnvironmentView } from './fold-environment.ts';

/** How many deployments of an environment are read at once while looking further back. */
const stride = 4;

/**
 * The deployments whose records are to be read next: whatever is newer than the oldest that was
 * read, and further back where an environment is not yet known well enough. Deployments of an
 * environment run one after the other, so whatever is older than a completed one is over.
 */
export function nextToLoad(
  jobs: readonly LoggedJob[],
  loaded: ReadonlySet<number>,
  environments: ReadonlyMap<string, EnvironmentView>,
  history: number,
): readonly number[] {
  return [...byEnvironment(jobs)].flatMap(([name, own]) => {
    const oldest = own.findIndex(({ deployment }) => loaded.has(deployment));
    const later =
      oldest < 0 ? [] : own.slice(oldest).filter(({ deployment }) => !loaded.has(deployment));
    const earlier = oldest < 0 ? own : own.slice(0, oldest);
    const isDeep = isKnownWell(environments.get(name), history);
    return [...later, ...(isDeep ? [] : earlier.slice(-stride))].map(
      ({ deployment }) => deployment,
    );
  });
}

/** What comes right before the oldest job that was read; `null` where that is the first of all. */
export function partlyLoaded(
  name: string,
  jobs: readonly LoggedJob[],
  loaded: ReadonlySet<number>,
): Digest | null {
  const own = byEnvironment(jobs).get(name) ?? [];
  const oldest = own.findIndex(({ deployment }) => loaded.has(deployment));
  return oldest > 0 ? own[oldest]!.job.prev : null;
}

function isKnownWell(view: EnvironmentView | undefined, history: number): boolean {
  return view !== undefined && view.previousGood !== null && view.deployments.length >= history;
}

function byEnvironment(jobs: readonly LoggedJob[]): ReadonlyMap<string, readonly LoggedJob[]> {
  return Map.groupBy(jobs, ({ job }) => job.environment);
}
