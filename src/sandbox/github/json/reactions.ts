import type { Reaction } from '../state/types.ts';
import type { World } from '../world.ts';
import type { Json } from './common.ts';
import { iso, nodeId } from './common.ts';
import { userJson } from './user.ts';

export const reactionContents = [
  '+1',
  '-1',
  'laugh',
  'hooray',
  'confused',
  'heart',
  'rocket',
  'eyes',
] as const;

export function reactionJson(world: World, reaction: Reaction): Json {
  return {
    id: reaction.id,
    node_id: nodeId('Reaction', reaction.id),
    user: userJson(world, reaction.user),
    content: reaction.content,
    created_at: iso(reaction.createdAt),
  };
}

/** How often each reaction was given; `subject` is the API address of what was reacted to. */
export function rollupJson(subject: string, reactions: readonly Reaction[]): Json {
  const counts = reactionContents.map((content) => [
    content,
    reactions.filter((reaction) => reaction.content === content).length,
  ]);
  return {
    url: `${subject}/reactions`,
    total_count: reactions.length,
    ...(Object.fromEntries(counts) as Json),
  };
}
