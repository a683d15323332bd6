import type { SeenRef } from './decide.ts';
import type { Floor } from './floors.ts';
import type { PolicyAt, WatchHistory } from './history.ts';
import type { WatchedRef } from './refs.ts';

/** How what an environment follows stands to what was handled, and what it would change. */
export async function seeRef(
  environment: string,
  ref: WatchedRef,
  { floor, issuing }: Floor,
  policy: PolicyAt,
  history: WatchHistory,
): Promise<SeenRef> {
  const relation = await history.relation(issuing ?? floor, ref.sha);
  if (relation !== 'ahead' && relation !== 'first') return { ...ref, relation, change: null };
  const commit = await history.configAt(ref.sha);
  if (!commit.ok) return { ...ref, relation, change: commit };
  const touched = floor ? await history.touched(floor, ref.sha, policy, commit.config) : null;
  return { ...ref, relation, change: { ok: true, touch: touched?.get(environment) ?? null } };
}
