import type { DeploymentView } from '../../deploy/fold-deployment.ts';
import type { Digest } from '../../model/digest.ts';
import { SallyportError, exitCodes } from '../../model/errors.ts';
import type { GateDecision } from '../../policy/gate.ts';
import { atTerminal } from './at-terminal.ts';

export function unknownDeployment(deployment: number): SallyportError {
  return new SallyportError({
    code: 'deployment_unknown',
    message: `There is no deployment ${deployment} to an environment of this host.`,
    hint: 'See the numbers: sallyport history ENV',
    exit: exitCodes.notFound,
  });
}

export function isOver({ deployment, state, job }: DeploymentView): SallyportError {
  return new SallyportError({
    code: 'deployment_over',
    message: `Deployment ${deployment} to ${job.environment} is over: ${state}.`,
    hint: `sallyport history ${job.environment}`,
    exit: exitCodes.refused,
  });
}

export function hasBegun({ deployment, job }: DeploymentView): SallyportError {
  return new SallyportError({
    code: 'deployment_begun',
    message: `Deployment ${deployment} to ${job.environment} has begun; it cannot be stopped any more.`,
    hint: `Go back when it is over: sallyport rollback ${job.environment}`,
    exit: exitCodes.refused,
  });
}

export function nothingToApprove({ deployment, state }: DeploymentView): SallyportError {
  return new SallyportError({
    code: 'nothing_to_approve',
    message: `Deployment ${deployment} does not wait for an approval: it is ${state}.`,
    hint: 'See what waits, and for whom: sallyport status',
    exit: exitCodes.refused,
  });
}

export function otherPlan(typed: string, digest: Digest, view: DeploymentView): SallyportError {
  return new SallyportError({
    code: 'plan_changed',
    message: `Deployment ${view.deployment} has another plan now than ${typed}: ${digest}.`,
    hint: `Look at it and approve it: sallyport plan ${view.job.environment}; sallyport approve ${view.deployment}`,
    exit: exitCodes.refused,
  });
}

export function closedBy({ reason, message, hint }: GateDecision): SallyportError {
  return new SallyportError({
    code: reason,
    message: `${message}.`,
    hint: hint === null ? undefined : atTerminal(hint),
    exit: exitCodes.refused,
  });
}
