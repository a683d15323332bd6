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
  readonly actor: string;
  readonly events: readonly HistoryEvent[];
}

interface HistoryEvent {
  readonly at: string;
  readonly state: string;
  /** Who said it: a login, `app`, or a host. */
  readonly by: string;
  readonly host: string | null;
  readonly reason: string;
}

/** The document of `sallyport history --json` (DESIGN.md §5), newest deployment first; scripts rely on its shape. */
export function historyJson(
  deployments: readonly ReportedDeployment[],
  records: readonly ReportedRecord[],
): HistoryJson {
  const newestFirst = deployments.toSorted((a, b) => b.deployment - a.deployment);
  return {
    schema: 1,
    ok: true,
    deployments: newestFirst.map((view) => entryJson(view, records)),
  };
}

function entryJson(view: ReportedDeployment, records: readonly ReportedRecord[]): HistoryEntry {
  const { job } = view;
  const own = records.filter(({ deployment }) => deployment === view.deployment);
  return {
    id: String(view.deployment),
    environment: job.environment,
    operation: job.operation,
    commit: job.sha,
    state: view.state,
    actor: job.actor.login,
    events: [
      { at: job.issued, state: 'issued', by: job.actor.login, host: null, reason: 'none' },
      ...own.map(eventJson),
    ],
  };
}

function eventJson({ record, signer, at }: ReportedRecord): HistoryEvent {
  const host = signer.kind === 'host' ? signer.host : null;
  return {
    at: new Date(at).toISOString(),
    state: record.state,
    by: host ?? 'app',
    host,
    reason: record.reason,
  };
}
