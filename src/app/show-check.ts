import { asSallyportError } from '../model/errors.ts';
import { isStateOperation } from '../model/job.ts';
import { deploymentCheck, type DeploymentCheck } from '../report/deployment-check.ts';
import type { DeploymentComment } from '../report/deployment-markdown.ts';
import { checkActions } from './check-actions.ts';
import type { Found } from './find-deployment.ts';
import type { AppWorld } from './world.ts';

/** How long an App without `checks: write` tries nothing more, in ms. */
const restMs = 600_000;

/** Whether check runs can be written, as far as is known. */
export function hasChecks({ followUps, clock }: Pick<AppWorld, 'followUps' | 'clock'>): boolean {
  return followUps.surfaces.refusedUntil <= clock.now();
}

/**
 * Brings the check run of a deployment up to date. It is for people, as comments are: where it
 * cannot be written that stands in the log, and everything else goes on.
 */
export async function showCheck(
  found: Found,
  comment: DeploymentComment,
  world: AppWorld,
): Promise<void> {
  const { deployment, job } = found.view;
  const { surfaces } = world.followUps;
  if (isStateOperation(job.operation) || !hasChecks(world)) return;
  const notice = surfaces.notices.get(deployment) ?? null;
  const check = deploymentCheck(comment, checkActions(found), notice);
  const text = JSON.stringify(check);
  if (surfaces.shown.get(deployment) === text) return;
  try {
    await write(deployment, check, world);
    surfaces.shown.set(deployment, text);
  } catch (error) {
    const { code, message, hint } = asSallyportError(error);
    if (code === 'github_refused') surfaces.refusedUntil = world.clock.now() + restMs;
    surfaces.checks.delete(deployment);
    world.log.warn('a check run could not be written', { deployment, code, message, hint });
  }
}

async function write(
  deployment: number,
  check: DeploymentCheck,
  { github, followUps }: AppWorld,
): Promise<void> {
  const { checks } = followUps.surfaces;
  const own = checks.get(deployment);
  const known = own ?? (await github.findCheck(check));
  const isCompleted = check.conclusion !== null;
  if (known && (isCompleted || !known.isCompleted)) {
    try {
      await github.updateCheck(known.id, check);
      checks.set(deployment, { id: known.id, isCompleted });
      return;
    } catch (error) {
      // Any workflow may give a check run our name, and GitHub lets nobody else change that one.
      if (own || asSallyportError(error).code !== 'github_refused') throw error;
    }
  }
  checks.set(deployment, { id: await github.createCheck(check), isCompleted });
}
