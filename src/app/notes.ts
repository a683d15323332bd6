import type { DeploymentView, UnitView } from '../deploy/fold-deployment.ts';
import type { Reading } from '../deploy/reader.ts';

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
