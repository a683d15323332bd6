import type { Sha } from '../../model/job.ts';
import { decideAccept } from './decide.ts';
import type { Floor } from './floors.ts';
import type { WatchHistory } from './history.ts';
import type { WatchedRef } from './refs.ts';

/** The floor after a person deployed a commit; `null` where that changes nothing. */
export async function acceptCommit(
  sha: Sha,
  before: Floor,
  followed: readonly WatchedRef[],
  history: WatchHistory,
): Promise<Floor | null> {
  const leads = async (from: Sha): Promise<boolean> => {
    for (const { sha: to } of followed) if (await history.follows(from, to)) return true;
    return false;
  };
  const newest = before.issuing ?? before.floor;
  const decision = decideAccept({
    isOnHead: await leads(sha),
    floorIsOnHead: newest !== null && (await leads(newest)),
    followsFloor: newest !== null && (await history.follows(newest, sha)),
  });
  if (decision === 'keep') return null;
  const generation = decision === 'restart' ? before.generation + 1 : before.generation;
  return { floor: sha, issuing: null, generation };
}
