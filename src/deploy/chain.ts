import type { Digest } from '../model/digest.ts';
import type { LoggedJob } from './admit.ts';
import type { DeploymentView } from './fold-deployment.ts';

/** A job that does not stand: another one with its id or its `prev` came first, or its `prev` itself does not stand. */
export interface VoidedJob {
  readonly deployment: number;
  readonly view: DeploymentView;
  readonly why: 'duplicate' | 'conflict';
  /** The deployment that came first. */
  readonly stands: number;
}

/** The jobs of one environment, each in its place. */
export interface Chain {
  /** The chain of jobs that stand, oldest first. */
  readonly standing: readonly DeploymentView[];
  /** Written, and not yet bound. */
  readonly unbound: readonly DeploymentView[];
  readonly voided: readonly VoidedJob[];
  /** A job names a job before it that is not there. */
  readonly gap: { readonly deployment: number; readonly missing: Digest } | null;
}

/** The flag of a job by which a person accepts that jobs before it are lost. */
export const acceptGap = 'accept-gap';

/**
 * Links deployments, in order of their ids, into a chain. `before` is the digest of the job right
 * before the oldest one; `null` where the chain is known from its start.
 */
export function linkChain(views: readonly DeploymentView[], before: Digest | null): Chain {
  const standing: DeploymentView[] = [];
  const unbound: DeploymentView[] = [];
  const voided: VoidedJob[] = [];
  const byId = new Map<Digest, DeploymentView>();
  const byPrev = new Map<Digest | null, DeploymentView>();
  const lostByDigest = new Map<Digest, DeploymentView>();
  let gap: Chain['gap'] = null;
  const stand = (view: DeploymentView) => {
    standing.push(view);
    byId.set(view.job.id, view);
    if (!byPrev.has(view.job.prev)) byPrev.set(view.job.prev, view);
  };
  const lose = (view: DeploymentView, why: VoidedJob['why'], stands: number) => {
    voided.push({ deployment: view.deployment, view, why, stands });
    if (!lostByDigest.has(view.digest)) lostByDigest.set(view.digest, view);
  };
  for (const view of views) {
    const { deployment, job, digest } = view;
    const same = byId.get(job.id);
    const head = standing.at(-1)?.digest ?? before;
    if (same) lose(view, 'duplicate', same.deployment);
    else if (!view.bound) unbound.push(view);
    else if (job.prev === null && job.flags[acceptGap] === true) {
      gap = null;
      stand(view);
    } else if (gap) continue;
    else if (job.prev === head) stand(view);
    else {
      const rival = byPrev.get(job.prev) ?? (job.prev && lostByDigest.get(job.prev));
      if (rival) lose(view, 'conflict', rival.deployment);
      else gap = { deployment, missing: job.prev ?? digest };
    }
  }
  return { standing, unbound, voided, gap };
}

/**
 * The jobs that `before` follows, oldest first. A job was written on top of one that stood, so that
 * whatever the chain leads back to stands too, though nobody read the records of it.
 */
export function ancestorsOf(
  before: Digest | null,
  earlier: readonly LoggedJob[],
): readonly LoggedJob[] {
  const byDigest = new Map(earlier.map((job) => [job.digest, job]));
  const found: LoggedJob[] = [];
  let job = before && byDigest.get(before);
  while (job) {
    found.push(job);
    byDigest.delete(job.digest);
    job = job.job.prev && byDigest.get(job.job.prev);
  }
  return found.reverse();
}
