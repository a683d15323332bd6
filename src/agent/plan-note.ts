import type { Job } from '../model/job.ts';
import type { PlanNote } from '../ports/ledger.ts';
import { planCheckName, planCheckText } from '../report/plan-check.ts';
import { planJson } from '../report/plan-json.ts';
import { planMarkdown } from '../report/plan-markdown.ts';
import type { UnitPlan } from '../report/views.ts';
import { countPlan } from './describe.ts';

/** What goes with a record that says what a unit would change. */
export function planNote(job: Job, plan: UnitPlan): PlanNote {
  const { environment, sha } = job;
  // What people approve covers every host; one host alone does not know it.
  const json = planJson({ environment, commit: sha, digest: null, targets: [plan] });
  return {
    sha,
    name: planCheckName(environment, plan),
    digest: plan.digest,
    title: countPlan({ job, target: plan.name }, plan),
    summary: planMarkdown(json),
    text: planCheckText(plan),
  };
}
