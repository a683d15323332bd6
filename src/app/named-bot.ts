import { SallyportError } from '../model/errors.ts';
import { readPolicy } from './configuration.ts';
import type { CommentEvent } from './events/comment.ts';
import type { AppWorld } from './world.ts';

/**
 * The world for a bot that the default branch names under `comments.bots`; `null` for every other
 * one. GitHub knows no permission of a bot, so to be named there is its permission to write; lists
 * of `may` hold for it as for people, and it approves nothing.
 */
export async function asNamedBot(event: CommentEvent, world: AppWorld): Promise<AppWorld | null> {
  const { github, repository } = world;
  const policy = await readPolicy(github, repository.defaultBranch).catch(unlessInvalid);
  const login = event.author.login.toLowerCase();
  const isNamed = policy?.config.comments.bots.some((bot) => bot.toLowerCase() === login);
  if (!isNamed) return null;
  return {
    ...world,
    github: {
      ...github,
      permissionOf: (person) =>
        person.id === event.author.id ? Promise.resolve('write') : github.permissionOf(person),
    },
  };
}

/** A policy that nobody can read names nobody. */
function unlessInvalid(error: unknown): null {
  if (error instanceof SallyportError && error.next === 'user') return null;
  throw error;
}
