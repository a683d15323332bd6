import { planDigestOf } from '../deploy/approvals.ts';
import type { DeploymentView } from '../deploy/fold-deployment.ts';
import type { EnvironmentView } from '../deploy/fold-environment.ts';
import { SallyportError, exitCodes } from '../model/errors.ts';
import { changesTargets } from '../model/job.ts';

export interface WaitingWanted {
  /** `approve` or `reject`, for hints. */
  readonly command: string;
  /** `null`: the one of this pull request or issue. */
  readonly environment: string | null;
  /** What the plan's digest begins with, where it was typed. */
  readonly digest: string | null;
  readonly issue: number;
  /** The very one that a button stands under. */
  readonly deployment?: number | undefined;
}

/**
 * The one deployment that awaits approval and is meant. Where several do, those of this pull
 * request come first; where that says nothing, people have to say which. Rejects where there is none.
 */
export function findWaiting(
  wanted: WaitingWanted,
  environments: ReadonlyMap<string, EnvironmentView>,
): DeploymentView {
  const { environment, issue, deployment } = wanted;
  const waiting = [...environments.values()]
    .filter(({ name }) => environment === null || name === environment)
    .flatMap(({ deployments }) => deployments)
    .filter(({ state, job }) => state === 'awaiting-approval' && changesTargets(job.operation));
  const own = waiting.filter(({ job }) => job.reply?.issue === issue);
  const ownFirst = environment === null || own.length > 0 ? own : waiting;
  const named =
    deployment === undefined ? ownFirst : waiting.filter((view) => view.deployment === deployment);
  const [one, ...others] = named.length > 1 ? named.filter((view) => fits(view, wanted)) : named;
  if (one && others.length === 0) return one;
  throw one ? severalWait([one, ...others], wanted) : nothingWaits(waiting, wanted);
}

function fits({ units }: DeploymentView, { digest }: WaitingWanted): boolean {
  return digest === null || digitsOf(planDigestOf(units)).startsWith(digest);
}

/** The digits of a digest; none where there is none. */
export function digitsOf(digest: string | null): string {
  return digest?.replace(/^sha256:/, '') ?? '';
}

function nothingWaits(
  elsewhere: readonly DeploymentView[],
  { environment, command }: WaitingWanted,
): SallyportError {
  const [other] = elsewhere;
  const where = environment === null ? 'from this pull request or issue' : `on ${environment}`;
  return new SallyportError({
    code: 'nothing_awaits_approval',
    message: `No deployment ${where} awaits approval`,
    hint: other
      ? `/${command} ${other.job.environment}`
      : `/status${environment ? ` ${environment}` : ''}`,
    exit: exitCodes.notFound,
  });
}

function severalWait(views: readonly DeploymentView[], { command }: WaitingWanted): SallyportError {
  const which = views.map(({ deployment, job }) => `${deployment} on ${job.environment}`);
  const [{ job, units }] = views as readonly [DeploymentView];
  const digits = digitsOf(planDigestOf(units)).slice(0, 8);
  return new SallyportError({
    code: 'several_await_approval',
    message: `Several deployments await approval: ${which.join(', ')}`,
    hint:
      command === 'approve'
        ? `Say which, for example: /approve ${job.environment} ${digits}`
        : `Say which, for example: /${command} ${job.environment}`,
  });
}
