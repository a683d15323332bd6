import { isAncestor } from '../git/read-commit.ts';
import type { Repository, User } from '../state/types.ts';
import type { World } from '../world.ts';
import type { PullIssue } from './pulls.ts';
import { emitPull, isPull, publishHead, setPullState } from './pulls.ts';
import type { RefMove } from './ref-move.ts';
import { noCommit } from './ref-move.ts';

/** Open pull requests follow their head branch, close when it goes, and count as merged when the base has it. */
export async function followRef(
  world: World,
  repository: Repository,
  actor: User,
  move: RefMove,
): Promise<void> {
  const branch = move.ref.replace('refs/heads/', '');
  for (const base of world.state.repositories) {
    for (const issue of base.issues.filter(isPull)) {
      if (issue.state !== 'open') continue;
      const { head } = issue.pull;
      if (head.repository.id === repository.id && head.branch === branch) {
        await followHead(world, base, issue, actor, move);
      } else if (base.id === repository.id && issue.pull.base.branch === branch) {
        await followBase(world, base, issue, actor, move);
      }
    }
  }
}

async function followHead(
  world: World,
  base: Repository,
  issue: PullIssue,
  actor: User,
  move: RefMove,
): Promise<void> {
  if (move.after === noCommit) return setPullState(world, base, issue, actor, 'closed');
  issue.pull.headSha = move.after;
  issue.updatedAt = world.now();
  await publishHead(base, issue);
  const { before, after } = move;
  await emitPull(world, base, issue, actor, 'synchronize', { before, after });
}

async function followBase(
  world: World,
  base: Repository,
  issue: PullIssue,
  actor: User,
  move: RefMove,
): Promise<void> {
  if (move.after === noCommit) return;
  if (!(await isAncestor(base.directory, issue.pull.headSha, move.after))) return;
  issue.pull.merged = { at: world.now(), by: actor, sha: move.after };
  await setPullState(world, base, issue, actor, 'closed');
}
