import { planDigestOf } from '../deploy/approvals.ts';
import type { DeploymentView, UnitView } from '../deploy/fold-deployment.ts';
import { shortDigest } from '../deploy/record-codec.ts';
import { asSallyportError } from '../model/errors.ts';
import { planCheckPrefix, readPlanCheck } from '../report/plan-check.ts';
import { planJson, type PlanJson } from '../report/plan-json.ts';
import type { UnitPlan } from '../report/views.ts';
import type { AppWorld } from './world.ts';

/** What is known of a deployment's plans. */
export interface KnownPlans {
  /** Of the units whose plan could be read; `null` where none could. */
  readonly plan: PlanJson | null;
  /** Units that are planned, and whose plan could not be read. */
  readonly unread: readonly UnitView[];
}

/**
 * The plans that hosts left in check runs of the commit. Only what matches the digest that the host
 * signed is believed: anybody may write a check run. What was read once is kept.
 */
export async function plansOf(view: DeploymentView, world: AppWorld): Promise<KnownPlans> {
  const planned = view.units.filter(({ plan }) => plan !== null);
  const isAsked = view.job.operation === 'plan' || view.state === 'awaiting-approval';
  if (isAsked && planned.some((unit) => !knownOf(unit, world))) await readPlans(view, world);
  const known = planned.flatMap((unit) => knownOf(unit, world) ?? []);
  const { environment, sha } = view.job;
  return {
    plan:
      known.length === 0
        ? null
        : planJson({ environment, commit: sha, digest: planDigestOf(view.units), targets: known }),
    unread: planned.filter((unit) => !knownOf(unit, world)),
  };
}

function knownOf({ plan, target, host }: UnitView, { followUps }: AppWorld): UnitPlan | undefined {
  return plan === null ? undefined : followUps.planOf(keyOf(plan, target, host));
}

async function readPlans({ job }: DeploymentView, world: AppWorld): Promise<void> {
  const { github, followUps, log } = world;
  try {
    for (const text of await github.checkTexts(job.sha, planCheckPrefix(job.environment))) {
      const plan = readPlanCheck(text);
      if (plan) followUps.keepPlan(keyOf(shortDigest(plan.digest), plan.name, plan.host), plan);
    }
  } catch (error) {
    const { code, message } = asSallyportError(error);
    log.warn('plans could not be read', { environment: job.environment, code, message });
  }
}

function keyOf(digest: string, target: string, host: string | null): string {
  return JSON.stringify([digest, target, host]);
}
