import { writeAct } from '../../deploy/act.ts';
import { approvalsOf } from '../../deploy/approvals.ts';
import type { DeploymentView } from '../../deploy/fold-deployment.ts';
import type { Digest } from '../../model/digest.ts';
import { approvalsWanted } from '../../policy/approvals.ts';
import { judgeApprover } from '../../policy/approvers.ts';
import { isLocal } from '../outage/local-number.ts';
import type { ActAnswer, ActRequest } from './act-request.ts';
import type { ActsWorld } from './acts-world.ts';
import { answerOf } from './answer-of.ts';
import { actorOf, wordsOf } from './asker.ts';
import { findDeployment } from './find-deployment.ts';
import { approveBeside, typeItThere } from './approve-beside.ts';
import { isMeant } from './is-meant.ts';
import { closedBy, hasBegun, isOver, nothingToApprove, otherPlan } from './person-errors.ts';

type Asked<Verb extends ActRequest['verb']> = Extract<ActRequest, { verb: Verb }>;

/** A person's word for exactly the plan that is shown now, or the one that was typed. */
export async function approve(
  request: Asked<'approve'>,
  world: ActsWorld,
  signal: AbortSignal,
): Promise<ActAnswer> {
  const { caller } = request;
  const view = await findDeployment(request.deployment, world, signal);
  const { deployment, job } = view;
  const { environment, sha } = job;
  if (isOfGithub(view, world)) return await approveBeside(view, request, world, signal);
  if (view.over) throw isOver(view);
  const { digest, approvals } = approvalsOf(view);
  if (digest === null || view.state !== 'awaiting-approval') throw nothingToApprove(view);
  if (!isMeant(digest, request.digest)) throw otherPlan(request.digest!, digest, view);
  const policy = (await world.policyNow(environment, signal)).environment;
  const who = { person: actorOf(caller), authors: job.authors, actor: job.actor };
  const refused = judgeApprover(policy.require, who);
  if (!refused.open) throw closedBy(refused);
  const others = approvals.filter(({ person }) => person !== caller.uid).length;
  const missing = Math.max(0, Math.max(1, approvalsWanted(policy, job.flags)) - others - 1);
  await say('approved', view, request, digest, wordsOf(caller, 'approved'), world, signal);
  return answerOf({
    verb: 'approve',
    environment,
    deployment,
    commit: sha,
    message: `${caller.name} approved ${sha.slice(0, 7)} for ${environment}${missing === 0 ? '' : `; ${missing} more ${missing === 1 ? 'person is' : 'people are'} needed`}.`,
    next:
      missing === 0 ? `sallyport logs ${deployment} --follow` : `sallyport approve ${deployment}`,
  });
}

/** Ends a deployment that has not begun, for good. */
export async function reject(
  request: Asked<'reject'>,
  world: ActsWorld,
  signal: AbortSignal,
): Promise<ActAnswer> {
  return await stop(request, 'rejected', request.reason, world, signal);
}

/** Takes back a deployment; one that has begun stops where that is still safe. */
export async function cancel(
  request: Asked<'cancel'>,
  world: ActsWorld,
  signal: AbortSignal,
): Promise<ActAnswer> {
  return await stop(request, 'cancelled', request.reason, world, signal);
}

async function stop(
  request: Asked<'reject'> | Asked<'cancel'>,
  state: 'rejected' | 'cancelled',
  reason: string,
  world: ActsWorld,
  signal: AbortSignal,
): Promise<ActAnswer> {
  const { verb, caller } = request;
  const view = await findDeployment(request.deployment, world, signal);
  if (isOfGithub(view, world)) throw typeItThere(view);
  const { deployment, job } = view;
  const { environment, sha } = job;
  const message = `Deployment ${deployment} to ${environment} is ${state}.`;
  if (view.state === state) {
    return answerOf({ verb, environment, deployment, commit: sha, message });
  }
  if (view.over) throw isOver(view);
  await say(state, view, request, null, wordsOf(caller, state, reason), world, signal);
  const after = await findDeployment(deployment, world, signal);
  if (after.stopping !== null) {
    return answerOf({
      verb,
      environment,
      deployment,
      commit: sha,
      message: `Deployment ${deployment} to ${environment} stops before its next step, where that is still safe.`,
      next: `sallyport logs ${deployment} --follow`,
    });
  }
  if (after.state !== state) throw hasBegun(after);
  return answerOf({ verb, environment, deployment, commit: sha, message });
}

function isOfGithub({ deployment }: DeploymentView, { beside }: ActsWorld): boolean {
  return beside !== undefined && !isLocal(deployment);
}

async function say(
  state: 'approved' | 'rejected' | 'cancelled',
  view: DeploymentView,
  { caller }: ActRequest,
  plan: Digest | null,
  words: string,
  world: ActsWorld,
  signal: AbortSignal,
): Promise<void> {
  const { ledger, key, clock } = world;
  const reader = await world.reader();
  const act = { view, state, person: caller.uid, plan, words };
  await writeAct(act, { ledger, reader, key, now: () => clock.now() }, signal);
}
