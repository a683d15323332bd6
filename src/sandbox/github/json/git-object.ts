import type { CommitFacts } from '../git/read-commit.ts';
import type { TagFacts } from '../git/read-tag.ts';
import type { Repository } from '../state/types.ts';
import type { World } from '../world.ts';
import type { Json } from './common.ts';
import { iso, nodeId, repositoryApi, repositoryHtml } from './common.ts';

const unsigned = {
  verified: false,
  reason: 'unsigned',
  signature: null,
  payload: null,
  verified_at: null,
};

/** An annotated tag as Git's own object. */
export function tagObjectJson(world: World, repository: Repository, tag: TagFacts): Json {
  const git = `${repositoryApi(world, repository)}/git`;
  const { name, email, at } = tag.tagger;
  return {
    node_id: nodeId('Tag', tag.sha),
    tag: tag.name,
    sha: tag.sha,
    url: `${git}/tags/${tag.sha}`,
    message: tag.message,
    tagger: { name, email, date: iso(at) },
    object: { sha: tag.object, type: tag.type, url: `${git}/${tag.type}s/${tag.object}` },
    verification: unsigned,
  };
}

/** A commit as Git's own object, without GitHub's accounts. */
export function commitObjectJson(world: World, repository: Repository, commit: CommitFacts): Json {
  const git = `${repositoryApi(world, repository)}/git`;
  const html = `${repositoryHtml(world, repository)}/commit`;
  const person = ({ name, email, at }: CommitFacts['author']): Json => ({
    name,
    email,
    date: iso(at),
  });
  return {
    sha: commit.sha,
    node_id: nodeId('Commit', commit.sha),
    url: `${git}/commits/${commit.sha}`,
    html_url: `${html}/${commit.sha}`,
    author: person(commit.author),
    committer: person(commit.committer),
    tree: { sha: commit.tree, url: `${git}/trees/${commit.tree}` },
    message: commit.message,
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${git}/commits/${sha}`,
      html_url: `${html}/${sha}`,
    })),
    verification: unsigned,
  };
}
