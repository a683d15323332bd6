import type { Digest } from '../model/digest.ts';
import type { Reason } from '../model/reason.ts';
import type { HostState } from '../model/record.ts';
import type { EnvironmentFacts } from '../policy/facts.ts';
import type { LoggedRecord } from './admit.ts';
import type { DeploymentView } from './fold-deployment.ts';

/** The last that a host said of itself in an environment. */
export interface HostView {
  /** On which deployment it said so. */
  readonly deployment: number;
  readonly state: HostState;
  readonly reason: Reason;
  readonly at: number;
  /** The next that it says has a higher one. */
  readonly number: number;
  /** What drifted; the local job where people acted. */
  readonly plan: Digest | null;
}

export interface HostsWord {
  readonly hosts: ReadonlyMap<string, HostView>;
  readonly held: EnvironmentFacts['held'];
}

/** What hosts said of themselves on these deployments: by host, whatever has the highest number. */
export function foldHosts(
  deployments: readonly DeploymentView[],
  recordsOf: (deployment: number) => readonly LoggedRecord[],
): HostsWord {
  const hosts = new Map<string, HostView>();
  const hands = new Map<string, HostView>();
  for (const { deployment, job } of deployments) {
    for (const { record, at } of recordsOf(deployment)) {
      if (record.kind !== 'host') continue;
      const host = job.roster[record.host]?.name;
      if (host === undefined) continue;
      const { state, reason, number, plan } = record;
      const view: HostView = { deployment, state, reason, at, number, plan };
      keepNewest(hosts, host, view);
      if (state === 'held' || state === 'released') keepNewest(hands, host, view);
    }
  }
  const held = [...hands].filter(([, { state }]) => state === 'held');
  return { hosts, held: held.map(([host, { at }]) => ({ host, since: at })) };
}

/** People acted on a host itself: whatever was staged there before may be gone. */
export interface ByHand {
  readonly host: string;
  /** `null`: any of them. */
  readonly target: string | null;
  /** When the ledger took the host's word. */
  readonly at: number;
}

/** What hosts told on these deployments of people who acted there. */
export function foldHands(
  deployments: readonly DeploymentView[],
  recordsOf: (deployment: number) => readonly LoggedRecord[],
): readonly ByHand[] {
  return deployments.flatMap(({ deployment, job }) =>
    recordsOf(deployment).flatMap(({ record, at }): readonly ByHand[] => {
      if (record.kind !== 'host' || record.state !== 'held') return [];
      const host = job.roster[record.host]?.name;
      const target = job.targets[record.target ?? -1]?.name ?? null;
      return host === undefined ? [] : [{ host, target, at }];
    }),
  );
}

function keepNewest(views: Map<string, HostView>, host: string, view: HostView): void {
  const known = views.get(host);
  if (!known || view.number > known.number) views.set(host, view);
}
