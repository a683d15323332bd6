import { foldDeployment } from '../deploy/fold-deployment.ts';
import type { QueuedRecord } from '../deploy/journal-entries.ts';
import type { Reading } from '../deploy/reader.ts';
import { decodeRecord } from '../deploy/record-codec.ts';
import { replacedBy } from '../deploy/replaced.ts';
import { githubStates, type GithubState } from '../model/deployment.ts';
import type { HostState } from '../model/record.ts';
import type { UnitState } from '../model/unit.ts';

const statesAlone: Partial<Record<UnitState | HostState, GithubState>> = {
  'rolled-back': 'failure',
  failed: 'failure',
};

/** GitHub's state of a deployment as folded with one more record of this host in it. */
export function githubStateWith(
  reading: Reading | null,
  queued: QueuedRecord,
  host: string,
): GithubState {
  const job = reading?.log.jobs.find(({ deployment }) => deployment === queued.deployment);
  const wire = decodeRecord(queued.token);
  if (!job || !wire) return statesAlone[queued.state] ?? 'in_progress';
  const { record } = wire;
  const view = foldDeployment(job, [
    ...reading!.log.records,
    {
      id: Number.MAX_SAFE_INTEGER,
      deployment: queued.deployment,
      record,
      signer: { kind: 'host', host },
      at: record.at,
    },
  ]);
  return githubStates[view.state];
}

/** What is to be shown on GitHub besides records, now that a deployment's unit has ended. */
export interface Closing {
  readonly deployment: number;
  readonly state: GithubState;
  readonly description: string;
}

/**
 * The closing words of a deployment that is over: its own state where the record that ended it
 * was written with another one, and `inactive` for what it replaces.
 */
export function closingsOf(
  reading: Reading,
  deployment: number,
  written: GithubState,
): readonly Closing[] {
  for (const { deployments } of reading.environments.values()) {
    const view = deployments.find((one) => one.deployment === deployment);
    if (!view) continue;
    if (!view.over) return [];
    const state = githubStates[view.state];
    const own = state === written ? [] : [{ deployment, state, description: view.state }];
    const description = `replaced by deployment ${deployment}`;
    const replaced = replacedBy(view, deployments).map((one) => ({
      deployment: one.deployment,
      state: 'inactive' as const,
      description,
    }));
    return [...own, ...replaced];
  }
  return [];
}
