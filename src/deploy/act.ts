import type { Digest } from '../model/digest.ts';
import { githubStates } from '../model/deployment.ts';
import { changesTargets, type Job } from '../model/job.ts';
import type { SigningKey } from '../model/keys.ts';
import type { Reason } from '../model/reason.ts';
import type { ActRecord, ActState } from '../model/record.ts';
import type { Ledger } from '../ports/ledger.ts';
import { mayBeStopped, stepDeployment, type DeploymentView } from './fold-deployment.ts';
import type { EnvironmentView } from './fold-environment.ts';
import type { JobDraft } from './issue.ts';
import type { LedgerReader } from './reader.ts';
import { supersedes } from './order.ts';
import { shortDigest, signRecord } from './record-codec.ts';

/** A person's word on a deployment. */
export interface Act {
  readonly view: DeploymentView;
  readonly state: Exclude<ActState, 'bound'>;
  /** Absent: what the state says. */
  readonly reason?: 'host_skipped' | 'host_unknown';
  /** GitHub's user id, or the uid of a person on the host; with `host_skipped` a place in the roster. */
  readonly person: number;
  /** What is approved, of `approvalsOf`; `null` for everything else. */
  readonly plan: Digest | null;
  /** For people, at most 140 characters of it: `approved by ada`. */
  readonly words: string;
}

export interface ActWorld {
  readonly ledger: Ledger;
  readonly reader: LedgerReader;
  /** The App's; the host's own where the ledger is its own. */
  readonly key: SigningKey;
  /** By the ledger's clock, in ms since 1970. */
  now(): number;
}

const reasonsOf: Readonly<Record<Act['state'], Reason>> = {
  approved: 'none',
  rejected: 'rejected',
  cancelled: 'cancelled',
  superseded: 'superseded',
  skipped: 'nothing_to_change',
};

/**
 * Writes a person's word on a deployment. The same word of the same person is one record. Whether
 * it counts is up to the fold: what has begun is not stopped any more. Rejects as the ledger does.
 */
export async function writeAct(act: Act, world: ActWorld, signal?: AbortSignal): Promise<void> {
  const { view, state, reason = reasonsOf[state], person, plan, words } = act;
  const { deployment, job, digest } = view;
  const record: ActRecord = {
    kind: 'act',
    state,
    job: shortDigest(digest),
    subject: person,
    plan: plan && shortDigest(plan),
    reason,
    at: world.now(),
  };
  const entry = await world.ledger.append(
    {
      deployment,
      token: signRecord(record, world.key),
      state: githubStates[stateWith(view, record)],
      environment: job.environment,
      description: words.slice(0, 140),
    },
    signal,
  );
  world.reader.note(entry);
}

/**
 * Ends what was to change an environment before the newest job, has not begun and gives way to it
 * (`supersedes`); the others wait in line. Gives what was ended. Rejects as the ledger does; to
 * call it again is safe.
 */
export async function supersedeOlder(
  { running, queue }: Pick<EnvironmentView, 'running' | 'queue'>,
  newest: Pick<DeploymentView, 'deployment' | 'job'>,
  world: ActWorld,
  signal?: AbortSignal,
): Promise<readonly DeploymentView[]> {
  if (!changesTargets(newest.job.operation)) return [];
  const older = [running, ...queue].filter(
    (view) =>
      view !== null &&
      view.deployment < newest.deployment &&
      mayBeStopped(view) &&
      supersedes(newest.job, view.job),
  ) as readonly DeploymentView[];
  const person = newest.job.actor.id;
  for (const view of older) {
    const isApproved = view.acts.some(({ state }) => state === 'approved');
    const gone = isApproved ? '; its approvals count no more' : '';
    const words = `superseded by deployment ${newest.deployment}${gone}`;
    await writeAct({ view, state: 'superseded', person, plan: null, words }, world, signal);
  }
  return older;
}

/** A job that changes what holds in an environment and touches no target. */
export function stateDraft(
  ask: Pick<
    Job,
    | 'operation'
    | 'environment'
    | 'sha'
    | 'policy'
    | 'actor'
    | 'params'
    | 'cause'
    | 'repository'
    | 'reply'
  >,
): JobDraft {
  return {
    ...ask,
    ref: '',
    targets: [],
    roster: [],
    on_failure: 'stop',
    flags: {},
    authors: [ask.actor.login],
    gates: [],
  };
}

function stateWith(view: DeploymentView, record: ActRecord): DeploymentView['state'] {
  const { deployment } = view;
  const signer = { kind: 'app' } as const;
  const entry = { id: Number.MAX_SAFE_INTEGER, deployment, record, signer, at: record.at };
  return stepDeployment(view, entry).state;
}
