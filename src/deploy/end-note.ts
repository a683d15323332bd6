import type { DeploymentView } from './fold-deployment.ts';
import type { Reading } from './reader.ts';

/** What was said of how a deployment ended, by a host that failed or by a person; `null` where nobody said. */
export function endNote(view: DeploymentView, { log }: Pick<Reading, 'log'>): string | null {
  const { deployment, state, acts, stopping } = view;
  if (stopping) return stopNote(view, saidOfEnd(deployment, log));
  if (state === 'rejected' || state === 'cancelled' || state === 'superseded') {
    return acts.findLast((act) => act.state === state)?.words || null;
  }
  if (state !== 'failed' && state !== 'rolled-back' && state !== 'rolling-back') return null;
  return saidOfEnd(deployment, log);
}

/** Of a deployment that was cancelled when it had begun: who did it, and at which step it stopped. */
function stopNote({ state, over, stopping }: DeploymentView, said: string | null): string {
  const who = stopping?.words || 'cancelled';
  if (state === 'completed') return `${who}: too late, the new version was switched to already`;
  const where = over ? 'it has stopped' : 'it stops before the next step where that is safe';
  return `${who}\n${said ?? where}`;
}

function saidOfEnd(deployment: number, log: Reading['log']): string | null {
  const said = log.records.findLast(
    (entry) =>
      entry.deployment === deployment &&
      entry.record.kind === 'unit' &&
      (entry.record.state === 'failed' || entry.record.state === 'rolled-back'),
  );
  return said?.words || null;
}
