import { isGood } from '../deploy/completed.ts';
import { newestCompleted } from '../deploy/find-completed.ts';
import type { MergeEvent } from './events/merge.ts';
import { deployTo, policyOrNull, triggered } from './push.ts';
import type { AppWorld } from './world.ts';

/**
 * A pull request was merged into the default branch: its merge goes to each environment whose
 * `trigger` has `merges`, unless the newest deployment that completed there had the same files.
 */
export async function handleMerge(
  event: MergeEvent | null,
  open: () => Promise<AppWorld>,
): Promise<void> {
  if (!event) return;
  const world = await open();
  const { sha, into, sender, author } = event;
  if (into !== world.repository.defaultBranch) return;
  const policy = await policyOrNull(world);
  if (!policy) return;
  const wanted = triggered(({ merges }) => merges, policy, world);
  const environments: string[] = [];
  for (const environment of wanted) {
    if (await isThereAlready(event, environment, world)) continue;
    environments.push(environment);
  }
  const ref = { kind: 'branch', name: into } as const;
  const authors = [...new Set([sender.login, author])];
  await deployTo(environments, { ref, sha, sender, authors, policy }, world);
}

async function isThereAlready(
  { sha, pull }: MergeEvent,
  environment: string,
  { github, reader, log }: AppWorld,
): Promise<boolean> {
  const { environments } = await reader.refresh();
  const view = environments.get(environment);
  const good = view && newestCompleted(view);
  if (!good || !isGood(good)) return false;
  const [merged, live] = await Promise.all([
    github.commitFacts(sha),
    github.commitFacts(good.job.sha),
  ]);
  if (merged === null || merged.tree !== live?.tree) return false;
  log.info('a merge was not deployed: its files are deployed already', {
    environment,
    sha,
    pull,
    deployment: good.deployment,
  });
  return true;
}
