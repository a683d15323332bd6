import type { ReportedDeployment, ReportedRecord } from './views.ts';

export interface HistoryJson {
  readonly schema: 1;
  readonly ok: true;
  readonly deployments: readonly HistoryEntry[];
}

export interface HistoryEntry {
  readonly id: string;
  readonly environment: string;
  readonly operation: string;
  readonly commit: string;
  readonly state: string;
  readonly reason: string;
  readonly actor: string;
  /** The branch, tag or commit as people named it. */
  readonly ref: string;
  /** Why, as whoever asked for it said. */
  readonly why: string;
  readonly events: readonly HistoryEvent[];
}

interface HistoryEvent {
  readonly at: string;
  readonly state: string;
  /** Who said it: a login, `app`, or a host. */
  readonly by: string;
  readonly host: string | null;
  readonly reason: string;
  readonly target: string | null;
  readonly commit: string;
  /** Digest of the plan that it speaks of; the first 16 bytes. */
  readonly plan: string | null;
  /** What was said with it, for people; nobody signed it. */
  readonly words: string;
}

/** The document of `sallyport history --json` (DESIGN.md §5), newest deployment first; scripts rely on its shape. */
export function historyJson(
  deployments: readonly ReportedDeployment[],
  records: readonly ReportedRecord[],
): HistoryJson {
  const newestFirst = deployments.toSorted((a, b) => b.deployment - a.deployment);
  const byDeployment = Map.groupBy(records, ({ deployment }) => deployment);
  return {
    schema: 1,
    ok: true,
    deployments: newestFirst.map((view) =>
      entryJson(view, byDeployment.get(view.deployment) ?? []),
    ),
  };
}

function entryJson(view: ReportedDeployment, records: readonly ReportedRecord[]): HistoryEntry {
  const { job } = view;
  const why = job.params['reason'] ?? '';
  return {
    id: String(view.deployment),
    environment: job.environment,
    operation: job.operation,
    commit: job.sha,
    state: view.state,
    reason: view.reason,
    actor: job.actor.login,
    ref: job.ref,
    why,
    events: [
      {
        at: job.issued,
        state: 'issued',
        by: job.actor.login,
        host: null,
        reason: 'none',
        target: null,
        commit: job.sha,
        plan: null,
        words: why,
      },
      ...records.map((record) => eventJson(record, view)),
    ],
  };
}

function eventJson(
  { record, signer, at, words = '' }: ReportedRecord,
  { job }: ReportedDeployment,
): HistoryEvent {
  const host = signer.kind === 'host' ? signer.host : null;
  return {
    at: new Date(at).toISOString(),
    state: record.state,
    by: host ?? personIn(record, words) ?? 'app',
    host,
    reason: record.reason,
    target: 'target' in record ? (job.targets[record.target]?.name ?? null) : null,
    commit: job.sha,
    plan: 'plan' in record ? record.plan : null,
    words,
  };
}

/** Acts carry a number for a person; the name stands at the beginning of what was said with them. */
function personIn(record: ReportedRecord['record'], words: string): string | null {
  if (record.kind !== 'act' || record.state === 'bound') return null;
  return /^([\w.@-]{1,100}): /.exec(words)?.[1] ?? null;
}
