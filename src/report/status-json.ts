import { healthOf, syncOf } from './health.ts';
import type {
  Health,
  ReportedDeployment,
  ReportedEnvironment,
  ReportedTarget,
  Sync,
} from './views.ts';

export interface StatusJson {
  readonly schema: 1;
  readonly ok: true;
  readonly environments: readonly EnvironmentJson[];
}

export interface EnvironmentJson {
  readonly name: string;
  readonly health: Health;
  readonly sync: Sync;
  /** What runs: the last commit that completed. */
  readonly commit: string | null;
  readonly deployment: string | null;
  readonly since: string | null;
  readonly hosts: readonly HostJson[];
}

interface HostJson {
  readonly name: string;
  readonly state: string;
  readonly targets: readonly TargetJson[];
}

interface TargetJson {
  readonly name: string;
  readonly slot: string | null;
  readonly version: string | null;
  readonly health: Health;
}

export interface StatusInput {
  readonly view: ReportedEnvironment;
  /** Targets that somebody looked at; empty where only the ledger is known. */
  readonly seen: readonly ReportedTarget[];
}

/** The document of `sallyport status --json` (DESIGN.md §5); scripts rely on its shape. */
export function statusJson(environments: readonly StatusInput[]): StatusJson {
  return { schema: 1, ok: true, environments: environments.map(environmentJson) };
}

function environmentJson({ view, seen }: StatusInput): EnvironmentJson {
  const good = view.lastGood;
  return {
    name: view.name,
    health: healthOf(view, seen),
    sync: syncOf(view),
    commit: good?.job.sha ?? null,
    deployment: good ? String(good.deployment) : null,
    since: good ? new Date(good.endedAt ?? good.at).toISOString() : null,
    hosts: hostsJson(view.running ?? view.deployments.at(-1), good, seen),
  };
}

function hostsJson(
  latest: ReportedDeployment | undefined,
  good: ReportedDeployment | null,
  seen: readonly ReportedTarget[],
): readonly HostJson[] {
  const names = new Set([
    ...(latest?.job.roster ?? []).map((host) => host.name),
    ...seen.map(({ host }) => host),
  ]);
  return [...names].map((name) => ({
    name,
    state: hostState(latest, name),
    targets: targetsJson(name, latest, good, seen),
  }));
}

function targetsJson(
  host: string,
  latest: ReportedDeployment | undefined,
  good: ReportedDeployment | null,
  seen: readonly ReportedTarget[],
): readonly TargetJson[] {
  const looked = seen.filter((target) => target.host === host);
  if (looked.length > 0) {
    return looked.map(({ name, slot, version, health }) => ({ name, slot, version, health }));
  }
  const version = good?.job.sha.slice(0, 7) ?? null;
  return (latest?.units ?? [])
    .filter((unit) => unit.host === host)
    .map((unit) => ({ name: unit.target, slot: null, version, health: 'unknown' }));
}

/** The unit of the host that is least far, in words of the unit's states. */
function hostState(latest: ReportedDeployment | undefined, host: string): string {
  const own = (latest?.units ?? []).filter((unit) => unit.host === host);
  const open = own.find((unit) => unit.state !== 'done') ?? own.at(-1);
  return open?.state ?? 'unknown';
}
