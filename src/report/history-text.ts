import type { HistoryEntry, HistoryJson } from './history-json.ts';
import { textTable } from './text-table.ts';
import { shortSha } from './words.ts';

/** `sallyport history` for a terminal of 80 columns, newest first. */
export function historyText({ deployments }: HistoryJson): string {
  if (deployments.length === 0) return 'Nothing was deployed yet.';
  return textTable(
    ['id', 'when', 'environment', 'what', 'commit', 'state', 'by'],
    deployments.map(row),
  );
}

function row(entry: HistoryEntry): readonly string[] {
  return [
    entry.id,
    (entry.events[0]?.at ?? '').slice(0, 16).replace('T', ' '),
    entry.environment,
    entry.operation,
    shortSha(entry.commit),
    entry.state,
    entry.actor,
  ];
}
