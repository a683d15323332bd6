import { randomBytes } from 'node:crypto';
import { findUser, nextId } from '../state/memory.ts';
import type { Permissions, Token, User } from '../state/types.ts';
import type { World } from '../world.ts';

export interface UserDraft {
  readonly login: string;
  readonly name?: string | undefined;
  readonly type?: User['type'] | undefined;
  readonly email?: string | undefined;
}

/** Adds an account, or answers with the one that has the login. */
export function addUser(world: World, draft: UserDraft): User {
  const known = findUser(world.state, draft.login);
  if (known) return known;
  const id = nextId(world.state);
  const user: User = {
    id,
    login: draft.login,
    type: draft.type ?? 'User',
    name: draft.name ?? null,
    email: draft.email ?? `${id}+${draft.login}@users.noreply.github.com`,
    createdAt: world.now(),
  };
  world.state.users.set(draft.login.toLowerCase(), user);
  return user;
}

export interface TokenDraft {
  readonly user: User;
  readonly installation?: Token['installation'];
  readonly repositories?: Token['repositories'];
  readonly permissions?: Permissions | null;
  readonly expiresAt?: number | null;
}

/** Makes a token, with the prefix that GitHub gives its kind; answers with its text. */
export function addToken(world: World, draft: TokenDraft): string {
  const prefix = draft.installation ? 'ghs_' : draft.permissions ? 'github_pat_' : 'ghp_';
  const text = prefix + randomBytes(18).toString('hex');
  world.state.tokens.set(text, {
    id: nextId(world.state),
    user: draft.user,
    installation: draft.installation ?? null,
    repositories: draft.repositories ?? null,
    permissions: draft.permissions ?? null,
    expiresAt: draft.expiresAt ?? null,
  });
  return text;
}
