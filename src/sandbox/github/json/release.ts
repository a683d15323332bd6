import type { Repository, User } from '../state/types.ts';
import type { World } from '../world.ts';
import type { Json } from './common.ts';
import { iso, nodeId, repositoryApi, repositoryHtml } from './common.ts';
import { userJson } from './user.ts';

/** A published release. */
export interface ReleaseFacts {
  readonly id: number;
  readonly tag: string;
  readonly prerelease: boolean;
  readonly author: User;
  readonly at: number;
}

export function releaseJson(
  world: World,
  repository: Repository,
  { id, tag, prerelease, author, at }: ReleaseFacts,
): Json {
  const api = repositoryApi(world, repository);
  return {
    url: `${api}/releases/${id}`,
    assets_url: `${api}/releases/${id}/assets`,
    upload_url: `${api}/releases/${id}/assets{?name,label}`,
    html_url: `${repositoryHtml(world, repository)}/releases/tag/${tag}`,
    id,
    node_id: nodeId('Release', id),
    tag_name: tag,
    target_commitish: repository.defaultBranch,
    name: tag,
    draft: false,
    author: userJson(world, author),
    prerelease,
    created_at: iso(at),
    published_at: iso(at),
    assets: [],
    tarball_url: `${api}/tarball/${tag}`,
    zipball_url: `${api}/zipball/${tag}`,
    body: '',
  };
}
