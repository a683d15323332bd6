import { approvalsOf } from '../deploy/approvals.ts';
import { endNote } from '../deploy/end-note.ts';
import { picturesOf } from '../deploy/host-pictures.ts';
import type { DeploymentView } from '../deploy/fold-deployment.ts';
import type { Reading } from '../deploy/reader.ts';
import { reasonOfGate } from '../policy/judge-gates.ts';
import {
  deploymentComment,
  type ApprovalStand,
  type DeploymentComment,
  type Waiting,
} from '../report/deployment-markdown.ts';
import { approvalsNeeded } from './approvals-needed.ts';
import { styleOf } from './comment-style.ts';
import { behindWhom } from './behind-whom.ts';
import { readPolicy, type Policy } from './configuration.ts';
import { findDeployment, type Found } from './find-deployment.ts';
import { judgeWaiting } from './gate-facts.ts';
import { labelPulls } from './label-pulls.ts';
import { planNotes } from './notes.ts';
import { tellOf } from './notify.ts';
import { plansOf } from './plans.ts';
import { hasChecks, showCheck } from './show-check.ts';
import { stepsOf } from './steps-of.ts';
import type { AppWorld } from './world.ts';

/**
 * Reads the ledger and brings the answer to the deployment's command up to date, then does what
 * else is to be done for it. Nothing where the deployment is not ours, or lost its place.
 */
export async function showDeployment(
  deployment: number,
  world: AppWorld,
  andThen: (found: Found) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  await world.followUps.run(deployment, async () => {
    const reading = await world.reader.refresh();
    const found = findDeployment(deployment, reading);
    if (!found) return;
    const told = tellOf(found, reading, world);
    await show(found, reading, world);
    await andThen(found);
    await told;
  });
}

async function show(found: Found, reading: Reading, world: AppWorld): Promise<void> {
  const { view, environment } = found;
  const comment = await commentOf(found, reading, world);
  // GitHub takes writes one after the other: people wait for the answer.
  await writeAnswer(view, comment, world);
  await Promise.all([
    showCheck(found, comment, world),
    view.over ? labelPulls(environment, world) : null,
  ]);
}

async function writeAnswer(
  { job: { reply } }: DeploymentView,
  comment: DeploymentComment,
  world: AppWorld,
): Promise<void> {
  if (!reply) return;
  const { deployment: template } = await styleOf(world);
  const body = deploymentComment(comment, template);
  if (world.followUps.isNews(reply.comment, body)) await world.github.edit(reply.comment, body);
}

async function commentOf(
  { view, environment }: Found,
  reading: Reading,
  world: AppWorld,
): Promise<DeploymentComment> {
  const [{ plan, unread }, policy] = await Promise.all([
    plansOf(view, world),
    policyFor(view, world),
  ]);
  return {
    view,
    repositoryUrl: world.repository.url,
    note: endNote(view, reading),
    behind: behindWhom(view, environment),
    hosts: picturesOf(view, reading.now),
    waits: waitsOf(view, policy, reading),
    approval: approvalOf(view, policy),
    staged:
      environment.staged.find((one) => one.view.deployment === view.deployment)?.targets ?? [],
    plan,
    planNotes: planNotes(view, unread, reading),
    steps: stepsOf(view, reading),
    hasCheck: hasChecks(world),
  };
}

/** The policy, where it is of use: it says for what, or for whom, a deployment waits. */
async function policyFor(
  view: DeploymentView,
  { github, repository }: AppWorld,
): Promise<Policy | null> {
  const isWaiting = !view.over && !silent.has(view.reason);
  if (!isWaiting) return null;
  return readPolicy(github, repository.defaultBranch).catch(() => null);
}

const silent: ReadonlySet<DeploymentView['reason']> = new Set(['none', 'queued', 'not_my_turn']);

/** The gate that hosts named, with what the ledger tells of it now. */
function waitsOf(
  view: DeploymentView,
  policy: Policy | null,
  reading: Reading,
): readonly Waiting[] {
  if (!policy || view.state === 'awaiting-approval') return [];
  return judgeWaiting(view, policy, reading).filter(
    (gate) => gate.name !== 'external' && reasonOfGate(gate) === view.reason,
  );
}

function approvalOf(view: DeploymentView, policy: Policy | null): ApprovalStand | null {
  if (view.state !== 'awaiting-approval') return null;
  const { digest, approvals, voidCount } = approvalsOf(view);
  const rules = policy?.config.environments[view.job.environment];
  const needed = rules ? approvalsNeeded(view, rules) : null;
  return { digest, given: approvals.length, needed, voidCount };
}
