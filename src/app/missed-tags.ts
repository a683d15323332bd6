import { triggers } from '../policy/trigger.ts';
import { byVersion } from '../policy/release-tag.ts';
import { deployTo, policyOrNull, triggered } from './push.ts';
import type { NamedRef } from './ports.ts';
import type { AppWorld } from './world.ts';

/** Which tags were there at the last look, by repository; nothing before the first one. */
export type KnownTags = Map<number, ReadonlySet<string>>;

/**
 * Starts what the push of a tag would have started: of more than three at once GitHub tells nothing.
 * The first look at a repository only learns which ones there are. The newest comes first, so that
 * older ones, which would go back, are kept out by the gate. Rejects as GitHub does.
 */
export async function deployMissedTags(known: KnownTags, world: AppWorld): Promise<void> {
  const { github, repository } = world;
  const policy = await policyOrNull(world);
  const watched = Object.values(policy?.config.environments ?? {}).some(
    ({ trigger, sync }) => sync === 'auto' && trigger?.tags !== undefined,
  );
  if (!policy || !watched) return;
  const tags = await github.tags();
  const before = known.get(repository.id);
  const missed = before ? tags.filter((tag) => !before.has(keyOf(tag))) : [];
  for (const { name, sha } of missed.toSorted((a, b) => byVersion(b.name, a.name))) {
    const ref = { kind: 'tag', name } as const;
    const environments = triggered((trigger) => triggers(trigger, ref), policy, world);
    if (environments.length === 0) continue;
    const author = (await github.commitFacts(sha))?.author ?? nobody;
    const authors = author === nobody ? [] : [author.login];
    await deployTo(environments, { ref, sha, sender: author, authors, policy }, world);
  }
  // Only now: what GitHub broke off is looked for again.
  known.set(repository.id, new Set(tags.map(keyOf)));
}

/** GitHub keeps no log of who pushed a tag. No account can be called so. */
const nobody = { id: 0, login: 'a tag' };

function keyOf({ name, sha }: NamedRef): string {
  return `${sha} ${name}`;
}
