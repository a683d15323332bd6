import type { ReleaseEvent } from './events/release.ts';
import { deployTo, policyOrNull, triggered } from './push.ts';
import type { AppWorld } from './world.ts';

/**
 * A release was published: its tag goes to each environment whose `trigger` has `releases`. The job
 * is the one that the push of the tag makes, so that it is made once. A prerelease starts nothing.
 */
export async function handleRelease(
  { tag, isPrerelease, sender }: ReleaseEvent,
  open: () => Promise<AppWorld>,
): Promise<void> {
  if (isPrerelease) return;
  const world = await open();
  const policy = await policyOrNull(world);
  if (!policy) return;
  const environments = triggered(({ releases }) => releases, policy, world);
  if (environments.length === 0) return;
  const found = await world.github.ref('tag', tag);
  if (!found) {
    world.log.warn('a release without a tag cannot be deployed', { tag });
    return;
  }
  const ref = { kind: 'tag', name: tag } as const;
  const authors = [sender.login];
  await deployTo(environments, { ref, sha: found.sha, sender, authors, policy }, world);
}
