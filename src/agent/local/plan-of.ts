import { planDigestOf } from '../../deploy/approvals.ts';
import { SallyportError, exitCodes } from '../../model/errors.ts';
import { planJson, type PlanJson } from '../../report/plan-json.ts';
import type { UnitPlan } from '../../report/views.ts';
import type { ActsWorld } from './acts-world.ts';
import { findDeployment } from './find-deployment.ts';

/** What a deployment would change, as far as this host knows. */
export interface PlanAnswer extends PlanJson {
  /** Where the deployment stands. */
  readonly state: string;
  /** No host has more to say about it. */
  readonly complete: boolean;
  /** Why a unit could not be planned, where one could not. */
  readonly failure: string | null;
}

export type PlanOf = (deployment: number, signal: AbortSignal) => Promise<PlanAnswer>;

export interface PlanWorld extends Pick<ActsWorld, 'reader' | 'environments' | 'beside'> {
  /** What this host has kept of a deployment's plans. */
  readonly plansOf: (deployment: number) => Promise<readonly UnitPlan[]>;
}

/** Tells plans; rejects with `deployment_unknown`. */
export function createPlanOf(world: PlanWorld): PlanOf {
  return async (deployment, signal) => {
    const view = await findDeployment(deployment, world, signal);
    const { job, units, state, over } = view;
    if (units.length === 0) throw noPlan(deployment, job.operation);
    const targets = await world.plansOf(deployment);
    const digest = planDigestOf(units);
    const json = planJson({ environment: job.environment, commit: job.sha, digest, targets });
    const failed = units.find((unit) => unit.state === 'failed');
    const failure = failed ? failed.reason : null;
    return { ...json, state, complete: over || digest !== null, failure };
  };
}

function noPlan(deployment: number, operation: string): SallyportError {
  return new SallyportError({
    code: 'no_plan',
    message: `Deployment ${deployment} (${operation}) changes no target, so it has no plan.`,
    hint: 'sallyport plan ENV',
    exit: exitCodes.notFound,
  });
}
