import type { CommentEvent } from './events/comment.ts';
import type { Reaction } from './ports.ts';
import type { AppWorld } from './world.ts';

/** A reaction is a courtesy: where it is not taken, the work goes on. */
export async function react(
  reaction: Reaction,
  { comment }: Pick<CommentEvent, 'comment'>,
  { github, log }: Pick<AppWorld, 'github' | 'log'>,
): Promise<void> {
  try {
    await github.react(comment, reaction);
  } catch (error) {
    log.warn('a reaction was not taken', { reaction, error: String(error) });
  }
}
