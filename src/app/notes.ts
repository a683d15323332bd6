import type { DeploymentView, UnitView } from '../deploy/fold-deployment.ts';
import type { Reading } from '../deploy/reader.ts';

/** What was said of how a deployment ended, by a host that failed or by a person; `null` where nobody said. */
export function endNote(view: DeploymentView, { log }: Reading): string | null {
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

/** What hosts said of these units' plans, each once. */
export function planNotes(
  { deployment, job }: DeploymentView,
  units: readonly UnitView[],
  { log }: Reading,
): readonly string[] {
  const notes = units.map((unit) => {
    const said = log.records.findLast(
      ({ record, ...entry }) =>
        entry.deployment === deployment &&
        record.kind === 'unit' &&
        record.plan !== null &&
        record.target === unit.targetIndex &&
        (record.host === null ? null : job.roster[record.host]?.name) === unit.host,
    );
    return said?.words ?? '';
  });
  return notes.filter((note) => note !== '');
}
