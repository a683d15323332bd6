import type { Environment } from '../config/environment.ts';
import { approvalsOf } from '../deploy/approvals.ts';
import { hasCompleted, hasProved } from '../deploy/find-completed.ts';
import type { DeploymentView, UnitView } from '../deploy/fold-deployment.ts';
import { emptyEnvironment, type EnvironmentView } from '../deploy/fold-environment.ts';
import { shortDigest } from '../deploy/record-codec.ts';
import { goesBack, type Job } from '../model/job.ts';
import { breakingInWords, type TargetPlan } from '../model/plan.ts';
import { unitKey } from '../model/unit.ts';
import type { EnvironmentFacts, GateFacts, Request } from '../policy/facts.ts';
import type { Answers } from './asks.ts';

/** All that the gates before a unit are judged from. */
export interface UnitGates {
  readonly environments: ReadonlyMap<string, EnvironmentView>;
  readonly deployment: DeploymentView;
  readonly unit: UnitView;
  /** What this host would change now, whatever the ledger shows of an earlier plan. */
  readonly plan: TargetPlan;
  readonly policy: Environment;
  readonly external: Answers;
  /** The ledger's clock, in ms since 1970. */
  readonly at: number;
  readonly host: string;
}

/** What the gates before a unit are judged from, as the policy's gates want it. */
export function gateFactsOf(facts: UnitGates): GateFacts {
  const { environments, deployment, unit, plan, policy, external, at, host } = facts;
  const { job } = deployment;
  const { digest, approvals, voidCount } = approvalsOf(withPlan(deployment, unit, plan));
  return {
    at,
    policy,
    environment: factsOf(job.environment, environments),
    request: requestOf(deployment, environments),
    plan: {
      digest: digest ?? shortDigest(plan.digest),
      breaking: breakingInWords(plan.changes),
      risk: plan.risk,
    },
    approvals,
    voidApprovals: voidCount,
    completedBefore: hasCompletedBefore(deployment, policy, environments),
    external,
    host,
  };
}

/** What holds in an environment of which the ledger may know nothing yet. */
export function factsOf(
  name: string,
  environments: ReadonlyMap<string, EnvironmentView>,
): EnvironmentFacts {
  return (environments.get(name) ?? emptyEnvironment(name)).facts;
}

/** Whether a commit has completed in the environment that must come first; `null` where nobody here knows. */
export function completedIn(
  from: string | undefined,
  sha: string,
  environments: ReadonlyMap<string, EnvironmentView>,
): boolean | null {
  const view = from === undefined ? undefined : environments.get(from);
  return view ? hasProved(view, sha) : null;
}

function requestOf(
  { job }: DeploymentView,
  environments: ReadonlyMap<string, EnvironmentView>,
): Request {
  return {
    operation: job.operation,
    sha: job.sha,
    auto: job.flags['auto'] === true,
    isRollback: isBackToCompleted(job, environments),
    isStaged: isToStaged(job, environments),
    flags: job.flags,
    authors: job.authors,
    actor: job.actor.login,
    person: job.actor.id,
  };
}

/**
 * Whether a rollback goes back to what completed in its environment: as whoever signed it found, who
 * reads further back than a host does, or as the ledger shows. Any other meets every gate.
 */
export function isBackToCompleted(
  job: Job,
  environments: ReadonlyMap<string, EnvironmentView>,
): boolean {
  if (!goesBack(job)) return false;
  if (isFound(job, 'completed')) return true;
  const view = environments.get(job.environment);
  return view !== undefined && hasCompleted(view, job.sha);
}

/** Whether a switch goes to what was staged, and accepted, in its environment; found as `isBackToCompleted`. */
export function isToStaged(job: Job, environments: ReadonlyMap<string, EnvironmentView>): boolean {
  if (job.operation !== 'switch' || goesBack(job)) return false;
  if (isFound(job, 'staged')) return true;
  const staged = environments.get(job.environment)?.staged ?? [];
  return staged.some(({ view }) => view.job.sha === job.sha);
}

function isFound({ gates }: Job, gate: string): boolean {
  return gates.some(({ name, open }) => name === gate && open);
}

/**
 * The deployment as it is once this host has said what it would change now: a host that was left out,
 * too, whose plan nobody has seen yet.
 */
function withPlan(deployment: DeploymentView, unit: UnitView, plan: TargetPlan): DeploymentView {
  const units = deployment.units.map((each) =>
    unitKey(each) === unitKey(unit)
      ? { ...each, plan: shortDigest(plan.digest), reason: 'none' as const }
      : each,
  );
  return { ...deployment, units };
}

/** As `completedIn`; the App has judged it where there is one, and reads further back than a host does. */
export function hasCompletedBefore(
  { job }: DeploymentView,
  { require: { from } }: Environment,
  environments: ReadonlyMap<string, EnvironmentView>,
): boolean | null {
  const judged = job.gates.find(({ name }) => name === 'from');
  return judged?.open === true ? true : completedIn(from, job.sha, environments);
}
