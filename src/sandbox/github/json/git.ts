import type { Activity, Repository } from '../state/types.ts';
import type { World } from '../world.ts';
import type { Json } from './common.ts';
import { iso, nodeId, repositoryApi, repositoryHtml } from './common.ts';
import { isProtected } from './protection.ts';
import { userJson } from './user.ts';

/** A ref and the object that it holds; `type` is `tag` for an annotated one. */
export function refJson(
  world: World,
  repository: Repository,
  ref: string,
  object: { readonly sha: string; readonly type: 'commit' | 'tag' },
): Json {
  const api = repositoryApi(world, repository);
  return {
    ref,
    node_id: nodeId('Ref', `${repository.id}:${ref}`),
    url: `${api}/git/${encodeURI(ref)}`,
    object: { ...object, url: `${api}/git/${object.type}s/${object.sha}` },
  };
}

export function branchJson(world: World, repository: Repository, name: string, sha: string): Json {
  const url = `${repositoryApi(world, repository)}/commits/${sha}`;
  return { name, commit: { sha, url }, protected: isProtected(repository, name) };
}

export function tagJson(world: World, repository: Repository, name: string, sha: string): Json {
  const html = repositoryHtml(world, repository);
  return {
    name,
    node_id: nodeId('Ref', `${repository.id}:refs/tags/${name}`),
    commit: { sha, url: `${repositoryApi(world, repository)}/commits/${sha}` },
    zipball_url: `${html}/zipball/refs/tags/${encodeURI(name)}`,
    tarball_url: `${html}/tarball/refs/tags/${encodeURI(name)}`,
  };
}

export function activityJson(world: World, activity: Activity): Json {
  return {
    id: activity.id,
    node_id: nodeId('PushEvent', activity.id),
    before: activity.before,
    after: activity.after,
    ref: activity.ref,
    timestamp: iso(activity.at),
    activity_type: activity.kind,
    actor: userJson(world, activity.actor),
  };
}
