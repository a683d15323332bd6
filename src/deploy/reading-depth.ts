import type { EventLog, LoggedJob, LoggedRecord } from './admit.ts';
import type { EnvironmentView } from './fold-environment.ts';

/** How many deployments of an environment are read at once while looking further back. */
const stride = 4;

/** What of one environment's jobs was read, and what lies before that. */
export interface Span {
  readonly log: EventLog;
  /** Jobs older than the oldest whose records were read. */
  readonly earlier: readonly LoggedJob[];
}

/** The log of each environment by itself, so that folding one does not look at all the others. */
export function spansOf(
  jobs: readonly LoggedJob[],
  records: readonly LoggedRecord[],
  loaded: ReadonlySet<number>,
): ReadonlyMap<string, Span> {
  const ofDeployment = Map.groupBy(records, ({ deployment }) => deployment);
  const spans = new Map<string, Span>();
  for (const [name, own] of byEnvironment(jobs)) {
    const oldest = own.findIndex(({ deployment }) => loaded.has(deployment));
    if (oldest < 0) continue;
    const read = own.slice(oldest).filter(({ deployment }) => loaded.has(deployment));
    const said = read.flatMap(({ deployment }) => ofDeployment.get(deployment) ?? []);
    spans.set(name, { log: { jobs: read, records: said }, earlier: own.slice(0, oldest) });
  }
  return spans;
}

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

function isKnownWell(view: EnvironmentView | undefined, history: number): boolean {
  return view !== undefined && view.isDeep && view.deployments.length >= history;
}

function byEnvironment(jobs: readonly LoggedJob[]): ReadonlyMap<string, readonly LoggedJob[]> {
  return Map.groupBy(jobs, ({ job }) => job.environment);
}
