import type { CommitFacts, Signature } from '../git/read-commit.ts';
import type { FileChange } from '../git/read-tree.ts';
import type { Repository, User } from '../state/types.ts';
import type { World } from '../world.ts';
import type { Json } from './common.ts';
import { iso, nodeId, repositoryApi, repositoryHtml } from './common.ts';
import { userJson } from './user.ts';

export function commitJson(world: World, repository: Repository, commit: CommitFacts): Json {
  const api = repositoryApi(world, repository);
  const html = repositoryHtml(world, repository);
  return {
    sha: commit.sha,
    node_id: nodeId('Commit', commit.sha),
    commit: {
      author: signatureJson(commit.author),
      committer: signatureJson(commit.committer),
      message: commit.message,
      tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
      url: `${api}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: {
        verified: false,
        reason: 'unsigned',
        signature: null,
        payload: null,
        verified_at: null,
      },
    },
    url: `${api}/commits/${commit.sha}`,
    html_url: `${html}/commit/${commit.sha}`,
    comments_url: `${api}/commits/${commit.sha}/comments`,
    author: accountJson(world, commit.author),
    committer: accountJson(world, commit.committer),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${api}/commits/${sha}`,
      html_url: `${html}/commit/${sha}`,
    })),
  };
}

/** The account that an email belongs to, as far as GitHub can tell. */
export function accountOfEmail(world: World, email: string): User | undefined {
  return [...world.state.users.values()].find((user) => user.email === email);
}

function accountJson(world: World, signature: Signature): Json | null {
  const user = accountOfEmail(world, signature.email);
  return user ? userJson(world, user) : null;
}

function signatureJson({ name, email, at }: Signature): Json {
  return { name, email, date: iso(at) };
}

export function fileJson(
  world: World,
  repository: Repository,
  sha: string,
  change: FileChange,
): Json {
  const path = change.path.split('/').map(encodeURIComponent).join('/');
  const html = repositoryHtml(world, repository);
  return {
    sha: change.sha,
    filename: change.path,
    status: change.status,
    additions: change.additions,
    deletions: change.deletions,
    changes: change.additions + change.deletions,
    blob_url: `${html}/blob/${sha}/${path}`,
    raw_url: `${html}/raw/${sha}/${path}`,
    contents_url: `${repositoryApi(world, repository)}/contents/${path}?ref=${sha}`,
  };
}
