import type { Work } from '../deploy/journal-entries.ts';
import type { Job } from '../model/job.ts';
import type { Reading } from '../deploy/reader.ts';

/**
 * Who took back the deployment of a unit that is under way, as far as this host has read; `null` where
 * nobody did. What had begun here when somebody ended it, and could not be known to have, counts too.
 */
export function cancelledBy(
  {
    deployment,
    job,
    heal,
  }: Pick<Work, 'deployment' | 'heal'> & { readonly job: Pick<Job, 'environment'> },
  readings: readonly (Reading | null)[],
): string | null {
  if (heal !== undefined) return null;
  for (const reading of readings) {
    const views = reading?.environments.get(job.environment)?.deployments ?? [];
    const view = views.find((one) => one.deployment === deployment);
    // What completed is caught up with by hosts that were left out, whoever cancelled it too late.
    if (!view || view.state === 'completed') continue;
    const isEnded = ['cancelled', 'rejected', 'superseded'].includes(view.state);
    const act =
      view.stopping ?? (isEnded ? view.acts.findLast(({ state }) => state !== 'approved') : null);
    if (act) return act.words === '' ? act.state : act.words;
  }
  return null;
}
