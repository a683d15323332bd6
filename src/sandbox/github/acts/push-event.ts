import type { CommitFacts } from '../git/read-commit.ts';
import { log, peel, readCommit } from '../git/read-commit.ts';
import { changes } from '../git/read-tree.ts';
import { accountOfEmail } from '../json/commit.ts';
import type { Json } from '../json/common.ts';
import { iso, repositoryHtml } from '../json/common.ts';
import { pushRepositoryJson } from '../json/repository.ts';
import type { Repository, User } from '../state/types.ts';
import { emit, isHeard } from '../webhooks/emit.ts';
import type { World } from '../world.ts';
import type { RefMove } from './ref-move.ts';
import { noCommit } from './ref-move.ts';

/** A push names at most this many commits. */
const mostCommits = 2048;

/** Tells of one moved ref: `push`, and `create` or `delete` with it. */
export async function emitPush(
  world: World,
  repository: Repository,
  actor: User,
  move: RefMove,
): Promise<void> {
  const created = move.before === noCommit;
  const deleted = move.after === noCommit;
  if (isHeard(world, 'push', repository)) {
    const payload = await pushPayload(world, repository, actor, move);
    emit(world, { name: 'push', repository, sender: actor, payload });
  }
  if (created || deleted) emitRefEvent(world, repository, actor, move);
}

async function pushPayload(
  world: World,
  repository: Repository,
  actor: User,
  move: RefMove,
): Promise<Json> {
  const deleted = move.after === noCommit;
  const head = deleted ? undefined : await peel(repository.directory, move.after);
  const commits = head === undefined ? [] : await pushedCommits(repository, move, head);
  return {
    ref: move.ref,
    before: move.before,
    after: move.after,
    created: move.before === noCommit,
    deleted,
    forced: move.forced,
    base_ref: null,
    compare: compareUrl(world, repository, move),
    commits: await Promise.all(commits.map((commit) => pushCommit(world, repository, commit))),
    head_commit:
      head === undefined
        ? null
        : await pushCommit(world, repository, await readCommit(repository.directory, head)),
    repository: pushRepositoryJson(world, repository),
    pusher: { name: actor.login, email: actor.email },
  };
}

function emitRefEvent(world: World, repository: Repository, sender: User, move: RefMove): void {
  const isTag = move.ref.startsWith('refs/tags/');
  const ref = move.ref.replace(/^refs\/(heads|tags)\//, '');
  const common = { ref, ref_type: isTag ? 'tag' : 'branch', pusher_type: 'user' };
  if (move.after === noCommit) {
    emit(world, { name: 'delete', repository, sender, payload: common });
    return;
  }
  const payload = { ...common, master_branch: repository.defaultBranch, description: null };
  emit(world, { name: 'create', repository, sender, payload });
}

/** What the push brought, oldest first; nothing for a ref made on a commit that was there. */
async function pushedCommits(
  repository: Repository,
  move: RefMove,
  head: string,
): Promise<CommitFacts[]> {
  const known =
    move.before === noCommit
      ? [...repository.refs].filter(([ref]) => ref !== move.ref).map(([, sha]) => sha)
      : [move.before];
  const commits = await log(repository.directory, [head, '--not', ...known], mostCommits);
  return commits.reverse();
}

async function pushCommit(
  world: World,
  repository: Repository,
  commit: CommitFacts,
): Promise<Json> {
  const files = await changes(repository.directory, commit.parents[0] ?? null, commit.sha);
  const named = (status: string): string[] =>
    files.filter((file) => file.status === status).map(({ path }) => path);
  const person = ({ name, email }: CommitFacts['author']): Json => {
    const account = accountOfEmail(world, email);
    return { name, email, ...(account ? { username: account.login } : {}) };
  };
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: iso(commit.committer.at),
    url: `${repositoryHtml(world, repository)}/commit/${commit.sha}`,
    author: person(commit.author),
    committer: person(commit.committer),
    added: named('added'),
    removed: named('removed'),
    modified: named('modified'),
  };
}

function compareUrl(world: World, repository: Repository, move: RefMove): string {
  const html = repositoryHtml(world, repository);
  const short = (sha: string): string => sha.slice(0, 12);
  return move.before === noCommit
    ? `${html}/commit/${short(move.after)}`
    : `${html}/compare/${short(move.before)}...${short(move.after)}`;
}
