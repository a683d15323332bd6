import type { LoggedRecord } from '../deploy/admit.ts';
import type { DeploymentView } from '../deploy/fold-deployment.ts';
import type { Reading } from '../deploy/reader.ts';
import type { ReportedStep } from '../report/steps.ts';

/** What hosts and people said of a deployment, oldest first. */
export function stepsOf({ deployment, job }: DeploymentView, { log }: Reading): ReportedStep[] {
  return log.records
    .filter((entry) => entry.deployment === deployment)
    .flatMap((entry) => {
      const what = whatOf(entry, job.targets);
      return what === null ? [] : [{ at: entry.at, what, words: entry.words ?? '' }];
    });
}

function whatOf(
  { record, signer }: LoggedRecord,
  targets: readonly { readonly name: string }[],
): string | null {
  // That the App bound a job says nothing to people; neither do leases.
  if (record.kind === 'act') return record.state === 'bound' ? null : record.state;
  if (record.kind !== 'unit') return null;
  const host = signer.kind === 'host' ? `${signer.host} ` : '';
  return `${host}${record.state}: ${targets[record.target]?.name ?? ''}`;
}
