import { ApiError, notFound } from '../http/errors.ts';
import { findRepository, roleIsAtLeast, roleOf } from '../state/memory.ts';
import type { Level, Permissions, Repository, Token } from '../state/types.ts';
import type { World } from '../world.ts';
import type { Access, RepositoryAccess } from './access.ts';
import type { Actor } from './actor.ts';

/** Lets a caller through to a route or throws 401, 403, or 404; answers with the path's repository, if it has one. */
export function authorize(
  world: World,
  actor: Actor,
  access: Access,
  params: Readonly<Record<string, string>>,
): Repository | undefined {
  const { owner, repo } = params;
  const repository =
    owner === undefined || repo === undefined
      ? undefined
      : findRepository(world.state, owner, repo);
  if (access.kind === 'anyone') return repository;
  if (access.kind === 'app') return requireApp(actor, repository);
  if (access.kind !== 'repository') {
    if (actor.kind !== 'token') throw new ApiError(401, 'Requires authentication');
    if (access.kind === 'organization') requirePermission(actor.token, ['members'], 'read');
    return repository;
  }
  if (!repository) throw notFound();
  requireRepositoryAccess(actor, repository, access);
  return repository;
}

function requireApp(actor: Actor, repository: Repository | undefined): Repository | undefined {
  if (actor.kind !== 'app') throw new ApiError(401, 'A JSON web token could not be decoded');
  return repository;
}

function requireRepositoryAccess(
  actor: Actor,
  repository: Repository,
  access: RepositoryAccess,
): void {
  if (actor.kind === 'app') throw new ApiError(403, 'Resource not accessible by integration');
  if (actor.kind === 'anonymous') {
    if (repository.private) throw notFound();
    if (access.level !== 'read') throw new ApiError(401, 'Requires authentication');
    return;
  }
  const { token } = actor;
  if (!sees(token, repository)) throw notFound();
  if (token.permissions) {
    const foreign = !covers(token, repository);
    if (foreign && access.level !== 'read') throw notAccessible(token, access);
    if (!foreign) requirePermission(token, access.permissions, access.level);
  } else if (!roleIsAtLeast(roleOf(repository, token.user), access.role)) {
    throw new ApiError(403, `Must have ${access.role} access to Repository.`);
  }
}

/** Whether the repository exists as far as the bearer can tell. */
function sees(token: Token, repository: Repository): boolean {
  if (!repository.private) return true;
  return token.permissions
    ? covers(token, repository)
    : roleIsAtLeast(roleOf(repository, token.user), 'read');
}

/** Whether a scoped token was made for the repository. */
export function covers(token: Token, repository: Repository): boolean {
  if (token.repositories === null) return true;
  if (token.repositories !== 'all') return token.repositories.has(repository.id);
  return token.installation?.account.id === repository.owner.id;
}

export function allows(permissions: Permissions, anyOf: readonly string[], level: Level): boolean {
  if (anyOf.length === 0) return true;
  const levels: readonly Level[] = ['read', 'write', 'admin'];
  return anyOf.some((name) => {
    const held = permissions[name];
    return held !== undefined && levels.indexOf(held) >= levels.indexOf(level);
  });
}

function requirePermission(token: Token, anyOf: readonly string[], level: Level): void {
  if (token.permissions && !allows(token.permissions, anyOf, level)) {
    throw notAccessible(token, { permissions: anyOf, level });
  }
}

function notAccessible(
  token: Token,
  access: { readonly permissions: readonly string[]; readonly level: Level },
): ApiError {
  const who = token.installation ? 'integration' : 'personal access token';
  const needed = access.permissions.map((name) => `${name}=${access.level}`).join('; ');
  return new ApiError(
    403,
    `Resource not accessible by ${who}`,
    {},
    {
      'x-accepted-github-permissions': needed,
    },
  );
}
