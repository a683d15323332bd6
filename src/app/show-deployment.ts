import type { DeploymentView } from '../deploy/fold-deployment.ts';
import type { EnvironmentView } from '../deploy/fold-environment.ts';
import type { Reading } from '../deploy/reader.ts';
import { deploymentComment } from '../report/deployment-markdown.ts';
import type { AppWorld } from './world.ts';

/** A deployment that stands, in its environment. */
interface Found {
  readonly view: DeploymentView;
  readonly environment: EnvironmentView;
}

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
    const found = findDeployment(deployment, await world.reader.refresh());
    if (!found) return;
    await writeAnswer(found, world);
    await andThen(found);
  });
}

function findDeployment(deployment: number, { environments }: Reading): Found | null {
  for (const environment of environments.values()) {
    const view = environment.deployments.find((one) => one.deployment === deployment);
    if (view) return { view, environment };
  }
  return null;
}

async function writeAnswer({ view, environment }: Found, world: AppWorld): Promise<void> {
  const { github, followUps, repository } = world;
  const { reply } = view.job;
  if (!reply) return;
  const isWaiting = environment.queue.some(({ deployment }) => deployment === view.deployment);
  const body = deploymentComment({
    view,
    repositoryUrl: repository.url,
    note: followUps.noteOf(view.deployment),
    behind: isWaiting ? (environment.running?.deployment ?? null) : null,
  });
  if (followUps.isNews(reply.comment, body)) await github.edit(reply.comment, body);
}
