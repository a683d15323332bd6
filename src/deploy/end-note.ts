import type { DeploymentView } from './fold-deployment.ts';
import type { Reading } from './reader.ts';

/** What was said of how a deployment ended, by a host that failed or by a person; `null` where nobody said. */
export function endNote(view: DeploymentView, { log }: Pick<Reading, 'log'>): string | null {
  const { deployment, state, acts } = view;
  if (state === 'rejected' || state === 'cancelled' || state === 'superseded') {
    return acts.findLast((act) => act.state === state)?.words || null;
  }
  if (state !== 'failed' && state !== 'rolled-back' && state !== 'rolling-back') return null;
  const said = log.records.findLast(
    (entry) =>
      entry.deployment === deployment &&
      entry.record.kind === 'unit' &&
      (entry.record.state === 'failed' || entry.record.state === 'rolled-back'),
  );
  return said?.words || null;
}
