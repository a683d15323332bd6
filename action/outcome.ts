import { planDigestOf } from '../src/deploy/approvals.ts';
import { endNote } from '../src/deploy/end-note.ts';
import { behindWhom } from '../src/app/behind-whom.ts';
import { findDeployment } from '../src/app/find-deployment.ts';
import { planNotes } from '../src/app/notes.ts';
import type { KnownPlans } from '../src/app/plans.ts';
import type { DeploymentView } from '../src/deploy/fold-deployment.ts';
import type { Reading } from '../src/deploy/reader.ts';
import { deploymentComment } from '../src/report/deployment-markdown.ts';
import type { PlanJson } from '../src/report/plan-json.ts';
import { exitOf, inWords } from './follow.ts';
import type { Annotation, Outcome, Step } from './step.ts';

/** What is told of a deployment. */
interface Told {
  readonly view: DeploymentView;
  readonly reading: Reading;
  readonly plans: KnownPlans;
  readonly url: string | null;
}

/** Where a deployment stands, for the step and for its page. */
export function outcomeOf({ view, reading, plans, url }: Told, { run }: Step): Outcome {
  const { plan, unread } = plans;
  const digest = planDigestOf(view.units);
  const { deployment, job, state, reason } = view;
  const environment = findDeployment(deployment, reading)?.environment;
  return {
    exit: exitOf(view),
    outputs: {
      deployment: String(deployment),
      state,
      reason,
      environment: job.environment,
      sha: job.sha,
      ...(url === null ? {} : { 'environment-url': url }),
      ...(digest === null ? {} : { digest }),
      ...(plan === null ? {} : planOutputs(plan)),
    },
    summary: deploymentComment({
      view,
      repositoryUrl: run.url,
      note: endNote(view, reading),
      behind: environment ? behindWhom(view, environment) : null,
      plan,
      // Later words of the hosts are of what they did.
      planNotes: isOfPlan(view) ? planNotes(view, unread, reading) : [],
    }),
    annotations: annotationsOf(view),
  };
}

function isOfPlan({ job, state }: DeploymentView): boolean {
  return job.operation === 'plan' || state === 'awaiting-approval';
}

function planOutputs({ risk, breaking, targets }: PlanJson): Outcome['outputs'] {
  const changes = targets.reduce((sum, target) => sum + target.changes.length, 0);
  return { risk, breaking: String(breaking), changes: String(changes) };
}

function annotationsOf(view: DeploymentView): readonly Annotation[] {
  if (exitOf(view) === 0) return [];
  const { deployment, job, over } = view;
  const what = `Deployment ${deployment} of ${job.sha.slice(0, 7)} to ${job.environment}`;
  const message = over
    ? `${what}: ${inWords(view)}.`
    : `${what} is not over: ${inWords(view)}. Follow it with the mode \`wait\`.`;
  return [{ level: 'error', title: over ? 'not deployed' : 'still running', message }];
}
