import type { Sha } from '../model/job.ts';
import { closedGate, openGate, type GateDecision } from '../policy/gate.ts';
import type { Placed } from './github-rules.ts';
import type { PullReader, RefReader } from './ports.ts';

/**
 * Reads once more what named the commit, right before the job is written: what moved since the first
 * reading is refused. No gate where only a SHA was given, which nothing can move.
 */
export async function judgeHeadAgain(
  environment: string,
  commit: Placed,
  github: PullReader & RefReader,
): Promise<readonly GateDecision[]> {
  const { place, sha } = commit;
  if (!place) return [];
  const now = await readAgain(place, commit, github);
  if (now === sha) return [openGate('head', 'still_there', 'Nothing moved meanwhile')];
  const where = place.kind === 'pull' ? 'the pull request' : place.name;
  return [
    closedGate(
      'head',
      'head_moved',
      now === null
        ? `${where} was closed or deleted while the command was looked at`
        : `${where} moved to ${now.slice(0, 7)} while the command was looked at`,
      now === null
        ? `Name the commit itself: /deploy ${environment} @${sha}`
        : `Look at the commit, then type: /deploy ${environment} @${now}`,
    ),
  ];
}

async function readAgain(
  place: NonNullable<Placed['place']>,
  { pull = null }: Placed,
  github: PullReader & RefReader,
): Promise<Sha | null> {
  if (place.kind !== 'pull') return (await github.ref(place.kind, place.name))?.sha ?? null;
  const now = await github.pull(place.number);
  return now.isOpen === (pull?.isOpen ?? true) ? now.head.sha : null;
}
