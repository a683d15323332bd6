import { findRepository, findUser } from '../state/memory.ts';
import type { Repository, User } from '../state/types.ts';
import type { World } from '../world.ts';

/** The account of a login; throws where there is none, since a test that misspells must not pass. */
export function requireUser(world: World, login: string): User {
  const user = findUser(world.state, login);
  if (!user) throw new Error(`the stand-in has no user ${login}; createUser('${login}') first`);
  return user;
}

/** The repository `owner/name`. */
export function requireRepository(world: World, fullName: string): Repository {
  const [owner = '', name = ''] = fullName.split('/');
  const repository = findRepository(world.state, owner, name);
  if (!repository) throw new Error(`the stand-in has no repository ${fullName}`);
  return repository;
}
