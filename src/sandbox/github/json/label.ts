import { createHash } from 'node:crypto';
import type { Issue, Repository } from '../state/types.ts';
import type { World } from '../world.ts';
import type { Json } from './common.ts';
import { nodeId, repositoryApi } from './common.ts';

export function labelsJson(world: World, repository: Repository, { labels }: Issue): Json[] {
  return labels.map((name) => {
    // A name is one label of the repository: always the same id.
    const id = createHash('sha256').update(name).digest().readUInt32BE();
    return {
      id,
      node_id: nodeId('Label', id),
      url: `${repositoryApi(world, repository)}/labels/${encodeURIComponent(name)}`,
      name,
      description: null,
      color: 'ededed',
      default: false,
    };
  });
}
