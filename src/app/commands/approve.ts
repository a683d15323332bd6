import type { ApproveCommand } from '../../command/command.ts';
import { writeAct } from '../../deploy/act.ts';
import { approvalsOf } from '../../deploy/approvals.ts';
import type { DeploymentView } from '../../deploy/fold-deployment.ts';
import type { Digest } from '../../model/digest.ts';
import { SallyportError, exitCodes } from '../../model/errors.ts';
import { actWorld } from '../act-world.ts';
import { approvalsNeeded } from '../approvals-needed.ts';
import { begun } from '../begun.ts';
import { readPolicy } from '../configuration.ts';
import { findDeployment } from '../find-deployment.ts';
import { digitsOf, findWaiting } from '../find-waiting.ts';
import { tooLate } from '../too-late.ts';
import { judgeApproverOf } from '../judge-approver.ts';
import { requireMay, requireMayHere, tellDone, type PersonRequest } from '../person.ts';
import { refuseWhereClosed, rulesOf } from '../refuse.ts';
import { showDeployment } from '../show-deployment.ts';
import type { AppWorld } from '../world.ts';

/** `/approve [env] [digest]`: of the plan that was shown before it was typed, or of the one it names. */
export async function approve(
  request: PersonRequest<ApproveCommand>,
  world: AppWorld,
): Promise<void> {
  const { command, event } = request;
  if (!event.isByPerson) throw noPerson(event.author.login);
  const policy = begun(readPolicy(world.github, world.repository.defaultBranch));
  const reading = begun(world.reader.refresh());
  await requireMay(request, world);
  const typed = command.params['digest'] ?? null;
  const { environments } = await reading;
  const { issue } = event;
  const wanted = { command: 'approve', digest: typed, issue, deployment: request.deployment };
  const view = findWaiting({ ...wanted, environment: command.environment }, environments);
  const plan = planMeant(view, typed, event.at);
  const rules = rulesOf(view.job.environment, await policy, 'approve');
  await requireMayHere(request, view.job.environment, await policy, world);
  refuseWhereClosed(await judgeApproverOf(event.author, rules, view.job, world.github));

  const { id: person, login } = event.author;
  const words = `approved by ${login}: plan ${digitsOf(plan).slice(0, 8)}`;
  const acts = actWorld(world, await reading);
  await writeAct({ view, state: 'approved', person, plan, words }, acts);
  const after = findDeployment(view.deployment, await world.reader.refresh())?.view ?? view;
  if (after.over) throw tooLate(after);
  const missing = approvalsNeeded(after, rules) - approvalsOf(after).approvals.length;
  await Promise.all([
    tellDone(request, { message: approvedInWords(after, plan, missing), next: null }, world),
    showDeployment(view.deployment, world),
  ]);
}

function noPerson(login: string): SallyportError {
  return new SallyportError({
    code: 'people_only',
    message: `${login} is a bot, and only people approve`,
    hint: 'Let a person type the command.',
    exit: exitCodes.refused,
  });
}

/** The plan that the person saw. Rejects where it is not the one there is now. */
function planMeant(view: DeploymentView, typed: string | null, at: number): Digest {
  const { digest } = approvalsOf(view);
  const { deployment, job } = view;
  if (digest === null) {
    throw new SallyportError({
      code: 'not_planned',
      message: `Deployment ${deployment} is not planned on every host yet`,
      hint: 'Approve it when its comment shows the plan.',
      exit: exitCodes.refused,
    });
  }
  const digits = digitsOf(digest);
  const hint = `Look at the plan as it is now, then type: /approve ${job.environment} ${digits.slice(0, 8)}`;
  if (typed !== null) {
    if (digits.startsWith(typed)) return digest;
    const message = `The plan of deployment ${deployment} is ${digits.slice(0, 8)} now, not ${typed.slice(0, 8)}`;
    throw new SallyportError({ code: 'plan_changed', message, hint, exit: exitCodes.refused });
  }
  // Whole seconds: within the same one nobody knows what came first.
  if (view.units.every((unit) => unit.plan === null || unit.at < at)) return digest;
  const message = `Deployment ${deployment} was planned again after this was typed, or in the same second`;
  throw new SallyportError({ code: 'plan_is_newer', message, hint, exit: exitCodes.refused });
}

function approvedInWords(
  { deployment, job }: DeploymentView,
  plan: Digest,
  missing: number,
): string {
  const what = `Plan \`${digitsOf(plan).slice(0, 8)}\` of deployment ${deployment} to \`${job.environment}\` is approved`;
  if (missing <= 0) return `${what}; it goes on when its hosts look next.`;
  return `${what}; ${missing} more ${missing === 1 ? 'person has' : 'people have'} to approve it.`;
}
