import type { Json } from '../json/common.ts';
import { releaseJson } from '../json/release.ts';
import { nextId } from '../state/memory.ts';
import type { Repository, User } from '../state/types.ts';
import { emit } from '../webhooks/emit.ts';
import type { World } from '../world.ts';

/** Publishes a release of a tag that is there. Nothing lists it: only its event is ever asked for. */
export function publishRelease(
  world: World,
  repository: Repository,
  draft: { readonly author: User; readonly tag: string; readonly prerelease: boolean },
): void {
  const { author: sender, tag } = draft;
  if (!repository.refs.has(`refs/tags/${tag}`)) throw new Error(`there is no tag ${tag}`);
  const facts = { ...draft, id: nextId(world.state), at: world.now() };
  const payload: Json = { release: releaseJson(world, repository, facts) };
  emit(world, { name: 'release', action: 'published', repository, sender, payload });
}
