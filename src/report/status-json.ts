import type { TrafficStop } from '../model/traffic-stop.ts';
import { standOfHost } from './host-stands.ts';
import { healthOf, syncOf, worstOf } from './health.ts';
import { waitOf } from './wait-of.ts';
import type {
  Health,
  ReportedDeployment,
  ReportedEnvironment,
  ReportedHost,
  ReportedStaged,
  ReportedStanding,
  ReportedTarget,
  ReportedWait,
  Sync,
} from './views.ts';

export interface StatusJson {
  readonly schema: 1;
  readonly ok: true;
  readonly environments: readonly EnvironmentJson[];
  /** The agent that answered, where one did. */
  readonly agent?: AgentJson;
}

/** What an agent says of itself. Times are ISO 8601 in UTC. */
export interface AgentJson {
  readonly host: string;
  readonly version: string;
  /** When it was started. */
  readonly since: string;
  /** Where jobs or commits come from: `acme/shop`, a Git address, a folder. */
  readonly source: string;
  /** Whether the source answered when it was last asked. */
  readonly connected: boolean;
  /** Since when it is connected, or is not; `null` before the first answer. */
  readonly connected_since: string | null;
  /** What went wrong, while it is not connected. */
  readonly problem: string | null;
  /** When the source last answered. */
  readonly last_sync: string | null;
  /** What it follows: a branch and where it stands, and what keeps it from following. */
  readonly watching: string | null;
  /** What the following of an environment waits for, or did last; by environment. */
  readonly notes: Readonly<Record<string, string>>;
  readonly next_poll: string | null;
}

export interface EnvironmentJson {
  readonly name: string;
  readonly health: Health;
  readonly sync: Sync;
  /** What runs: the last commit that completed. */
  readonly commit: string | null;
  readonly deployment: string | null;
  readonly since: string | null;
  /** What waits in idle slots for `switch`. */
  readonly staged: readonly StagedJson[];
  /** What people want to run. */
  readonly desired: string | null;
  /** What the deployment in hand waits for. */
  readonly waits: WaitJson | null;
  readonly lock: StandingJson | null;
  readonly pause: StandingJson | null;
  /** Hosts on which people acted themselves. */
  readonly held: readonly string[];
  /** Commits that failed here and are not tried again by themselves. */
  readonly quarantined: readonly string[];
  readonly hosts: readonly HostJson[];
}

interface WaitJson {
  readonly deployment: string;
  readonly reason: string;
  readonly message: string;
  readonly until: string | null;
}

interface StagedJson {
  readonly commit: string;
  readonly deployment: string;
  readonly since: string;
  readonly targets: readonly string[];
}

interface StandingJson {
  readonly by: string;
  readonly reason: string;
  readonly since: string;
  readonly until: string | null;
}

interface HostJson {
  readonly name: string;
  readonly state: string;
  readonly health: Health;
  /** Where it stands in a rollout: `canary`, `batch 2`; absent where hosts follow each other one by one. */
  readonly batch?: string;
  /** What it waits for in a rollout. */
  readonly waits?: string | null;
  /** The newest commit that was brought there; `null` where none was, or people acted on the host. */
  readonly commit: string | null;
  /** Since when it has it; where people acted, since when they did. */
  readonly since: string | null;
  readonly targets: readonly TargetJson[];
}

interface TargetJson {
  readonly name: string;
  readonly slot: string | null;
  readonly version: string | null;
  readonly health: Health;
  /** Why it is not healthy, where the host knows. */
  readonly why?: string;
  /** How people on the host stopped its traffic by hand; absent: it goes on. */
  readonly stops?: readonly StopJson[];
  /** What it gave, where its kind gives something. */
  readonly outputs?: Readonly<Record<string, unknown>>;
}

export interface StopJson {
  readonly kind: TrafficStop['kind'];
  /** What people are told instead of an answer; `null` where requests are held. */
  readonly message: string | null;
  /** How long a request is held at the most, in seconds; `null` in a maintenance. */
  readonly seconds: number | null;
  /** `null`, as `since`, where nobody on this host is known to have done it. */
  readonly by: string | null;
  readonly since: string | null;
}

export interface StatusInput {
  readonly view: ReportedEnvironment;
  /** Targets that somebody looked at; empty where only the ledger is known. */
  readonly seen: readonly ReportedTarget[];
  /** What an agent knows of why it does not go on; absent: what the ledger tells. */
  readonly wait?: ReportedWait | null;
  /** How far the hosts of the deployment in hand are, where they follow each other in batches. */
  readonly hosts?: readonly ReportedHost[];
  /** Now, by the ledger's clock, in ms since 1970: what has ended by itself is not told. Absent: nothing has. */
  readonly at?: number;
}

/** The document of `sallyport status --json` (DESIGN.md §5); scripts rely on its shape. */
export function statusJson(environments: readonly StatusInput[]): StatusJson {
  return { schema: 1, ok: true, environments: environments.map(environmentJson) };
}

function environmentJson({
  view: folded,
  seen,
  wait,
  hosts = [],
  at = -Infinity,
}: StatusInput): EnvironmentJson {
  const view = withoutEnded(folded, at);
  const { lastGood: good, desired, facts } = view;
  return {
    name: view.name,
    health: healthOf(view, seen),
    sync: syncOf(view),
    commit: good?.job.sha ?? null,
    deployment: good ? String(good.deployment) : null,
    since: good ? isoOf(good.endedAt ?? good.at) : null,
    staged: view.staged.map(stagedJson),
    desired: desired?.job.sha ?? null,
    waits: waitJson(wait ?? waitOf(view)),
    lock: standingJson(facts.lock),
    pause: standingJson(facts.pause),
    held: facts.held.map(({ host }) => host),
    quarantined: facts.quarantined.map(({ sha }) => sha),
    hosts: hostsJson(view, seen, hosts),
  };
}

/** The fold knows no clock: a word that ends by itself stands in it until the next one. */
function withoutEnded(view: ReportedEnvironment, at: number): ReportedEnvironment {
  const standing = (word: ReportedStanding | null) =>
    word !== null && word.until !== null && word.until <= at ? null : word;
  const { lock, pause } = view.facts;
  return { ...view, facts: { ...view.facts, lock: standing(lock), pause: standing(pause) } };
}

function waitJson(wait: ReportedWait | null): WaitJson | null {
  if (!wait) return null;
  const { deployment, reason, message, until } = wait;
  return {
    deployment: String(deployment),
    reason,
    message,
    until: until === null ? null : isoOf(until),
  };
}

function stagedJson({ view, targets }: ReportedStaged): StagedJson {
  const { job, deployment, endedAt, at } = view;
  const since = isoOf(endedAt ?? at);
  return { commit: job.sha, deployment: String(deployment), since, targets };
}

function standingJson(standing: ReportedStanding | null): StandingJson | null {
  if (!standing) return null;
  const { by, reason, since, until } = standing;
  return { by, reason, since: isoOf(since), until: until === null ? null : isoOf(until) };
}

function stopJson(stop: TrafficStop): StopJson {
  const { kind, by, since } = stop;
  return {
    kind,
    message: stop.kind === 'maintenance' ? stop.text : null,
    seconds: stop.kind === 'hold' ? stop.forMs / 1000 : null,
    by,
    since: since === null ? null : isoOf(since),
  };
}

function hostsJson(
  view: ReportedEnvironment,
  seen: readonly ReportedTarget[],
  rolling: readonly ReportedHost[],
): readonly HostJson[] {
  const latest = view.running ?? view.desired ?? undefined;
  const names = new Set([
    ...(latest?.job.roster ?? []).map((host) => host.name),
    ...seen.map(({ host }) => host),
  ]);
  return [...names].map((name) => {
    const targets = targetsJson(name, latest, view.lastGood, seen);
    const health = worstOf(targets.map((target) => target.health));
    const picture = rolling.find(({ host }) => host === name);
    const state = picture?.state ?? hostState(latest, name);
    const place = picture ? { batch: picture.batch, waits: picture.waits } : {};
    const { commit, since: at } = standOfHost(name, view);
    const since = at === null ? null : isoOf(at);
    return { name, state, health, ...place, commit, since, targets };
  });
}

function targetsJson(
  host: string,
  latest: ReportedDeployment | undefined,
  good: ReportedDeployment | null,
  seen: readonly ReportedTarget[],
): readonly TargetJson[] {
  const looked = seen.filter((target) => target.host === host);
  if (looked.length > 0) {
    return looked.map(({ host: _host, stops, ...target }) =>
      stops ? { ...target, stops: stops.map(stopJson) } : target,
    );
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

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
