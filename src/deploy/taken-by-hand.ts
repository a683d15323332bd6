import type { DeploymentView } from './fold-deployment.ts';
import type { EnvironmentView } from './fold-environment.ts';
import { foldStaged } from './fold-staged.ts';

/** What would still wait in idle slots, had people not acted on the hosts themselves; oldest first. */
export function takenByHand({
  deployments,
  staged,
}: Pick<EnvironmentView, 'deployments' | 'staged'>): readonly DeploymentView[] {
  const left = new Set(staged.map(({ view }) => view));
  return foldStaged(deployments, []).flatMap(({ view }) => (left.has(view) ? [] : [view]));
}
