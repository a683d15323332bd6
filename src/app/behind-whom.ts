import type { DeploymentView } from '../deploy/fold-deployment.ts';
import type { EnvironmentView } from '../deploy/fold-environment.ts';
import type { DeploymentComment } from '../report/deployment-markdown.ts';

/** The deployment right before this one in the line of its environment; `null` where it is at its turn. */
export function behindWhom(
  { deployment }: Pick<DeploymentView, 'deployment'>,
  { running, queue }: Pick<EnvironmentView, 'running' | 'queue'>,
): DeploymentComment['behind'] {
  const line = running ? [running, ...queue] : [];
  const before = line[line.findIndex((one) => one.deployment === deployment) - 1];
  if (!before) return null;
  const { ref, actor } = before.job;
  return { deployment: before.deployment, ref, by: actor.login };
}
