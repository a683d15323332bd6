import type { DeploymentView } from '../deploy/fold-deployment.ts';
import { SallyportError, exitCodes } from '../model/errors.ts';

/** A person's word came when the deployment had gone on: it does not count. */
export function tooLate({ deployment, job, state, over }: DeploymentView): SallyportError {
  return new SallyportError({
    code: 'too_late',
    message: `That came too late: deployment ${deployment} to ${job.environment} is ${state} by now${over ? '' : ', and has begun'}`,
    hint: `/${over ? 'status' : 'cancel'} ${job.environment}`,
    exit: exitCodes.refused,
  });
}
