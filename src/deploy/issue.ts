import { SallyportError } from '../model/errors.ts';
import type { Digest } from '../model/digest.ts';
import { githubStates } from '../model/deployment.ts';
import { isStateOperation, type Job } from '../model/job.ts';
import type { SigningKey } from '../model/keys.ts';
import type { Clock } from '../ports/clock.ts';
import type { JobEntry, Ledger } from '../ports/ledger.ts';
import type { DeploymentView } from './fold-deployment.ts';
import { acceptGap } from './chain.ts';
import { emptyEnvironment, type EnvironmentView } from './fold-environment.ts';
import { jobIdOf, signJob } from './job-codec.ts';
import type { LedgerReader, Reading } from './reader.ts';
import { signRecord } from './record-codec.ts';

/** A job before it has its place in the chain. */
export type JobDraft = Omit<Job, 'schema' | 'id' | 'prev' | 'issued' | 'start_by'>;

export interface Issued {
  readonly deployment: number;
  readonly job: Job;
  readonly digest: Digest;
  /** The cause had made this job before. */
  readonly duplicate: boolean;
}

export interface IssueWorld {
  readonly ledger: Ledger;
  readonly reader: LedgerReader;
  readonly key: SigningKey;
  readonly clock: Clock;
  /** A reading made a moment ago, which saves a round trip. */
  readonly reading?: Reading | undefined;
}

/** How long a job may wait for its turn before it is too old to start, in ms. */
const startWithinMs = 24 * 60 * 60 * 1000;
/**
 * How long another App's unbound job is left its turn, and how long a gap may come from entries that
 * cannot be seen yet; in ms of the ledger's clock.
 */
export const patienceMs = 20_000;
const pauseMs = 1_000;
const tries = 60;

/**
 * Writes a job on top of its environment's chain and binds it. Where another App was quicker, the
 * job is written anew on top of the other. The same cause gives the same job, however often it is
 * issued. Rejects as the ledger does, and with `ledger_gap` or `ledger_busy`.
 */
export async function issueJob(
  draft: JobDraft,
  world: IssueWorld,
  signal?: AbortSignal,
): Promise<Issued> {
  const id = jobIdOf(draft.cause);
  let isNew = false;
  let gapSince: number | null = null;
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const recent = attempt === 0 ? world.reading : undefined;
    const { environments, now } = recent ?? (await world.reader.refresh(signal));
    const view = environments.get(draft.environment) ?? emptyEnvironment(draft.environment);
    const standing = view.deployments.find(({ job }) => job.id === id);
    if (standing) return issuedOf(standing, !isNew);
    if (view.gap && draft.flags[acceptGap] !== true) {
      gapSince ??= now;
      if (now - gapSince > patienceMs) throw gapError(view);
      await world.clock.sleep(pauseMs, signal);
      continue;
    }
    const rivals = view.unbound.filter((other) => isNextOf(other, view));
    const mine = rivals.find(({ job }) => job.id === id);
    const first = rivals.find(({ at }) => now - at < patienceMs) ?? mine;
    if (!mine) {
      if (first) await world.clock.sleep(pauseMs, signal);
      else {
        isNew = true;
        world.reader.note(await publish(draft, id, view, now, world, signal));
      }
    } else if (first === mine || mine.deployment < first!.deployment) {
      await bind(mine, now, world, signal);
    } else await world.clock.sleep(pauseMs, signal);
  }
  throw new SallyportError({
    code: 'ledger_busy',
    message: `The job for ${draft.environment} found no place in the ledger in ${tries} tries.`,
    hint: 'Type the command again in a minute.',
    next: 'retry',
  });
}

async function publish(
  draft: JobDraft,
  id: Digest,
  view: EnvironmentView,
  now: number,
  { ledger, key }: IssueWorld,
  signal?: AbortSignal,
): Promise<JobEntry> {
  const prev = draft.flags[acceptGap] === true ? null : view.head;
  const issued = new Date(now).toISOString();
  const start_by = new Date(now + startWithinMs).toISOString();
  const token = await signJob({ ...draft, schema: 1, id, prev, issued, start_by }, key);
  const { sha, environment } = draft;
  const description = `${environment}: ${inWords(draft)}`.slice(0, 140);
  return ledger.publish({ token, sha, environment, description }, signal);
}

async function bind(
  { deployment, digest, job }: DeploymentView,
  now: number,
  { ledger, reader, key }: IssueWorld,
  signal?: AbortSignal,
): Promise<void> {
  const token = signRecord(
    {
      kind: 'act',
      state: 'bound',
      job: digest,
      subject: deployment,
      reason: 'queued',
      plan: null,
      at: now,
    },
    key,
  );
  const { environment } = job;
  // A job that touches no target is over as soon as it stands.
  const isOver = isStateOperation(job.operation);
  const description = (isOver ? inWords(job) : `queued: ${inWords(job)}`).slice(0, 140);
  const state = githubStates[isOver ? 'completed' : 'pending'];
  reader.note(await ledger.append({ deployment, token, state, environment, description }, signal));
}

function inWords({ operation, sha, actor, params }: JobDraft): string {
  const what = operation === 'release-quarantine' || !isStateOperation(operation);
  const why = params['reason'] ? `: ${params['reason']}` : '';
  return `${operation}${what ? ` ${sha.slice(0, 7)}` : ''} by ${actor.login}${why}`;
}

/** Whether an unbound job, once bound, would be the next of the chain. */
function isNextOf({ job }: DeploymentView, { head }: EnvironmentView): boolean {
  return job.prev === head || (job.prev === null && job.flags[acceptGap] === true);
}

function gapError({ name, gap }: EnvironmentView): SallyportError {
  return new SallyportError({
    code: 'ledger_gap',
    message: `The ledger of ${name} has a gap: deployment ${gap!.deployment} follows a job that is not there. Somebody may have deleted a deployment.`,
    hint: `Look at the deployments of ${name}; then type \`/deploy ${name} --${acceptGap}\` to go on without the lost job.`,
    next: 'stalled',
  });
}

function issuedOf({ deployment, job, digest }: DeploymentView, duplicate: boolean): Issued {
  return { deployment, job, digest, duplicate };
}
