import { planDigestOf } from '../deploy/approvals.ts';
import { mayBeStopped } from '../deploy/fold-deployment.ts';
import { isGood, isOnlyStaged } from '../deploy/completed.ts';
import { changesTargets } from '../model/job.ts';
import type { CheckAction } from '../report/deployment-check.ts';
import type { Found } from './find-deployment.ts';
import { digitsOf } from './find-waiting.ts';

/** GitHub takes so many characters of an identifier. */
const maxIdentifier = 20;

/** What may be pressed under the check run of a deployment as it stands now; at most three. */
export function checkActions({ view, environment }: Found): readonly CheckAction[] {
  const { name, lastGood, previousGood, deployments, staged } = environment;
  if (!changesTargets(view.job.operation)) return [];
  if (view.state === 'awaiting-approval') {
    const digits = digitsOf(planDigestOf(view.units));
    return [...(digits === '' ? [] : [approve(digits)]), reject];
  }
  if (mayBeStopped(view)) return [cancel];
  const isWaiting = staged.some((one) => one.view.deployment === view.deployment);
  if (isWaiting) return [switchTo(name)];
  const isLive = lastGood?.deployment === view.deployment && previousGood !== null;
  const newest = deployments.findLast(
    (one) => changesTargets(one.job.operation) && !isOnlyStaged(one),
  );
  const isPart = view.state === 'completed' && !isGood(view);
  const isBetween = (view.state === 'failed' || isPart) && newest === view && lastGood !== null;
  return isLive || isBetween ? [rollBack(name)] : [];
}

/** What a button's identifier asks for, and the digits of the plan that stood beside it. */
export function readIdentifier(identifier: string): { readonly verb: string; digits: string } {
  const [verb = '', digits = ''] = identifier.split(':', 2);
  return { verb, digits };
}

/** The identifier names the plan that was shown, so that no other one is approved by it. */
function approve(digits: string): CheckAction {
  const identifier = `approve:${digits}`.slice(0, maxIdentifier);
  return { label: 'Approve', description: `Approve plan ${digits.slice(0, 8)}`, identifier };
}

const reject: CheckAction = {
  label: 'Reject',
  description: 'End it; nothing is changed',
  identifier: 'reject',
};

const cancel: CheckAction = {
  label: 'Cancel',
  description: 'End it before anything is changed',
  identifier: 'cancel',
};

function rollBack(environment: string): CheckAction {
  const description = `Go back on ${environment}`.slice(0, 40);
  return { label: 'Roll back', description, identifier: 'rollback' };
}

function switchTo(environment: string): CheckAction {
  const description = `Move the traffic of ${environment}`.slice(0, 40);
  return { label: 'Switch', description, identifier: 'switch' };
}
