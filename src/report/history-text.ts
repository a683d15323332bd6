import type { HistoryEntry, HistoryJson } from './history-json.ts';
import { textTable } from './text-table.ts';
import { shortSha } from './words.ts';

/** `sallyport history` for a terminal of 80 columns, newest first. */
export function historyText({ deployments }: HistoryJson): string {
  if (deployments.length === 0) return 'Nothing was deployed yet.';
  return textTable(['id', 'when', 'what', 'commit', 'state', 'by', 'why'], deployments.map(row));
}

function row(entry: HistoryEntry): readonly string[] {
  return [
    entry.id,
    (entry.events[0]?.at ?? '').slice(0, 16).replace('T', ' '),
    entry.operation,
    shortSha(entry.commit),
    entry.state,
    entry.actor,
    entry.why === '' ? lastWords(entry) : entry.why,
  ];
}

/** The reason that it ended with, where nobody gave one. */
function lastWords({ reason, state }: HistoryEntry): string {
  const isPlain = reason === 'none' || (state === 'completed' && reason !== 'staged');
  return isPlain ? '' : reason.replaceAll('_', ' ');
}
