import { readRefs } from '../git/bare.ts';
import { isAncestor } from '../git/read-commit.ts';
import { nextId } from '../state/memory.ts';
import type { Activity, Repository, User } from '../state/types.ts';
import type { World } from '../world.ts';
import { emitPush } from './push-event.ts';
import { followRef } from './follow-ref.ts';
import type { RefMove } from './ref-move.ts';
import { noCommit } from './ref-move.ts';

/**
 * Lets `change` move refs on disk, then records and tells what moved: activity,
 * `push`, `create` and `delete` webhooks, and the pull requests that follow a branch.
 */
export async function moveRefs<T>(
  world: World,
  repository: Repository,
  actor: User,
  change: () => Promise<T>,
): Promise<T> {
  return world.inTurn(async () => {
    try {
      return await change();
    } finally {
      const moves = await noticeMoves(repository);
      if (moves.length > 0) repository.pushedAt = world.now();
      for (const move of moves) await tell(world, repository, actor, move, moves);
    }
  });
}

async function noticeMoves(repository: Repository): Promise<RefMove[]> {
  const before = repository.refs;
  repository.refs = await readRefs(repository.directory);
  const names = new Set([...before.keys(), ...repository.refs.keys()]);
  const moves: RefMove[] = [];
  for (const ref of names) {
    const from = before.get(ref) ?? noCommit;
    const to = repository.refs.get(ref) ?? noCommit;
    if (from === to) continue;
    const existed = from !== noCommit && to !== noCommit;
    const forced = existed && !(await isAncestor(repository.directory, from, to));
    moves.push({ ref, before: from, after: to, forced });
  }
  return moves;
}

async function tell(
  world: World,
  repository: Repository,
  actor: User,
  move: RefMove,
  all: readonly RefMove[],
): Promise<void> {
  if (move.ref.startsWith('refs/heads/')) {
    repository.activity.push(activityOf(world, actor, move));
    await followRef(world, repository, actor, move);
  }
  // GitHub sends no events at all when more than three tags arrive at once.
  const tags = all.filter(({ ref }) => ref.startsWith('refs/tags/')).length;
  if (move.ref.startsWith('refs/tags/') && tags > 3) return;
  await emitPush(world, repository, actor, move);
}

function activityOf(world: World, actor: User, move: RefMove): Activity {
  const { ref, before, after } = move;
  const kind =
    before === noCommit
      ? 'branch_creation'
      : after === noCommit
        ? 'branch_deletion'
        : move.forced
          ? 'force_push'
          : 'push';
  return { id: nextId(world.state), kind, actor, ref, before, after, at: world.now() };
}
