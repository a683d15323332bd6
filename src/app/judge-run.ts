import { approvalsOf } from '../deploy/approvals.ts';
import type { Reading } from '../deploy/reader.ts';
import type { DeploymentState } from '../model/deployment.ts';
import { isWhole, type Sha } from '../model/job.ts';
import { closedGate, firstClosed, type GateDecision } from '../policy/gate.ts';
import { isRefusal } from '../policy/judge-gates.ts';
import type { Policy } from './configuration.ts';
import { judgeRun } from './gate-facts.ts';

/** What a workflow's run is told: that it may go on, that it may not, or for what it waits. */
export interface RunVerdict {
  readonly state: 'approved' | 'rejected' | 'waiting';
  /** The gate that decides; `null` where all are open. */
  readonly gate: GateDecision | null;
}

/**
 * Holds the deployment of a workflow against the gates of the environment. Sallyport has no plan
 * of it that people could approve: where approvals are required, those count that the newest
 * deployment of this very commit by Sallyport was given there, whole and not taken back.
 */
export function judgeRunOf(
  environment: string,
  { sha, actor }: { readonly sha: Sha; readonly actor: string },
  policy: Policy,
  reading: Reading,
): RunVerdict {
  const rules = policy.config.environments[environment];
  if (!rules) return { state: 'rejected', gate: noRules(environment) };
  const views = reading.environments.get(environment)?.deployments ?? [];
  const newest = views.findLast(({ job }) => job.operation === 'deploy' && job.sha === sha);
  const counts = newest !== undefined && isWhole(newest.job) && !refused.has(newest.state);
  const approvals = counts ? approvalsOf(newest).approvals : [];
  const decisions = judgeRun(environment, { sha, actor }, approvals, policy, reading);
  const gate = firstClosed(decisions.map((each) => inWordsOfRuns(each, environment, sha)));
  if (!gate) return { state: 'approved', gate: null };
  const isForGood = isRefusal(gate) || gate.name === 'external';
  return { state: isForGood ? 'rejected' : 'waiting', gate };
}

/** People took it back, or it gave way to a newer one: what was approved of it counts no more. */
const refused: ReadonlySet<DeploymentState> = new Set(['rejected', 'cancelled', 'superseded']);

function noRules(environment: string): GateDecision {
  return closedGate(
    'policy',
    'environment_unknown',
    `The default branch has no rules for ${environment}`,
    `Add ${environment} to .github/sallyport.yml, or take this rule off the environment on GitHub.`,
  );
}

function inWordsOfRuns(gate: GateDecision, environment: string, sha: Sha): GateDecision {
  if (gate.open) return gate;
  const short = sha.slice(0, 7);
  if (gate.name === 'approvals') {
    const message = `${environment} wants approvals, which commit ${short} does not have there`;
    const hint = `Type \`/deploy ${environment} @${short}\` in a pull request or issue and have its plan approved; an administrator may also bypass this rule on GitHub.`;
    return { ...gate, message, hint };
  }
  if (gate.name === 'external') {
    const message = `${environment} asks others on its hosts (require.external), which a workflow does not run on`;
    return { ...gate, message, hint: 'Deploy there with Sallyport, or take this rule off.' };
  }
  return gate;
}
