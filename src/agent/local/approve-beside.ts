import { writeAct } from '../../deploy/act.ts';
import { approvalsOf, planDigestOf } from '../../deploy/approvals.ts';
import type { DeploymentView } from '../../deploy/fold-deployment.ts';
import { SallyportError, exitCodes } from '../../model/errors.ts';
import type { Job } from '../../model/job.ts';
import { approvalsWanted } from '../../policy/approvals.ts';
import { judgeApprover } from '../../policy/approvers.ts';
import { givenOf } from '../../policy/resolve-params.ts';
import { withoutGithub } from '../outage/had-no-github.ts';
import type { ActAnswer, ActRequest } from './act-request.ts';
import type { ActsWorld } from './acts-world.ts';
import { answerOf } from './answer-of.ts';
import { actorOf, wordsOf } from './asker.ts';
import { findDeployment } from './find-deployment.ts';
import { isMeant } from './is-meant.ts';
import { closedBy, isOver, nothingToApprove, otherPlan } from './person-errors.ts';

type Approve = Extract<ActRequest, { verb: 'approve' }>;

/**
 * A person's word for what waits in GitHub, where nobody can type it: the same commit becomes a
 * deployment of this host alone, approved as far as its own part of the plan goes. Whoever approves
 * next approves the same one.
 */
export async function approveBeside(
  view: DeploymentView,
  request: Approve,
  world: ActsWorld,
  signal: AbortSignal,
): Promise<ActAnswer> {
  const { caller } = request;
  const { job } = view;
  const { environment, sha } = job;
  if (view.over) throw isOver(view);
  if (world.beside?.isAnswering()) throw typeItThere(view);
  const shown = approvalsOf(view).digest;
  const own = planDigestOf(view.units.filter(({ host }) => host === world.host));
  if (own === null || shown === null || view.state !== 'awaiting-approval') {
    throw nothingToApprove(view);
  }
  if (!isMeant(shown, request.digest)) throw otherPlan(request.digest!, shown, view);
  const policy = (await world.policyNow(environment, signal)).environment;
  const who = { person: actorOf(caller), authors: job.authors, actor: job.actor };
  const refused = judgeApprover(policy.require, who);
  if (!refused.open) throw closedBy(refused);
  const { deployment } = await world.issue(
    {
      operation: job.operation,
      environment,
      sha,
      ref: job.ref,
      auto: false,
      actor: job.actor,
      judged: { authors: job.authors, gates: job.gates },
      cause: `operator:${world.host}:approves:${view.digest}`,
      flags: { ...askedByGithub(job.flags), [withoutGithub]: true },
      params: { approves: String(view.deployment), by: caller.name },
      carried: givenOf(job.params),
    },
    signal,
  );
  const local = await findDeployment(deployment, world, signal);
  const reader = await world.reader();
  const { ledger, key, clock } = world;
  await writeAct(
    {
      view: local,
      state: 'approved',
      person: caller.uid,
      plan: own,
      words: wordsOf(caller, 'approved', `deployment ${view.deployment} of GitHub`),
    },
    { ledger, reader, key, now: () => clock.now() },
    signal,
  );
  const others = local.acts.filter(({ state, plan }) => state === 'approved' && plan === own);
  const people = new Set([...others.map(({ person }) => person), caller.uid]);
  const missing = Math.max(0, approvalsWanted(policy, job.flags) - people.size);
  const more = `${missing} more ${missing === 1 ? 'person is' : 'people are'} needed`;
  return answerOf({
    verb: 'approve',
    environment,
    deployment,
    commit: sha,
    message: `${caller.name} approved ${sha.slice(0, 7)} for ${environment} on ${world.host}${missing === 0 ? '' : `; ${more}`}.`,
    next:
      missing === 0
        ? `sallyport logs ${deployment} --follow`
        : `sallyport approve ${view.deployment}`,
  });
}

/** What GitHub's environment asked for when the job was issued holds without GitHub, too. */
function askedByGithub(flags: Job['flags']): Job['flags'] {
  const kept = Object.entries(flags).filter(([name]) => fromGithub.has(name));
  return Object.fromEntries(kept);
}

const fromGithub: ReadonlySet<string> = new Set(['approvals', 'not-before']);

/** What stands in GitHub is for people in GitHub, while they can be heard there. */
export function typeItThere({ deployment, job }: DeploymentView): SallyportError {
  return new SallyportError({
    code: 'not_allowed_here',
    message: `Deployment ${deployment} to ${job.environment} is GitHub's, where people are asked who they are.`,
    hint: 'Type it in the pull request or the issue: /approve, /reject, /cancel …',
    exit: exitCodes.refused,
  });
}
