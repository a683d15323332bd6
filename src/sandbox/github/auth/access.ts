import type { Level, Role } from '../state/types.ts';

/** What a route asks of its caller. */
export type Access =
  | { readonly kind: 'anyone' }
  | { readonly kind: 'signed-in' }
  | { readonly kind: 'app' }
  | { readonly kind: 'organization' }
  | RepositoryAccess;

export interface RepositoryAccess {
  readonly kind: 'repository';
  /** For Apps and fine-grained tokens: one of these permissions is enough. */
  readonly permissions: readonly string[];
  readonly level: Level;
  /** For people with a classic token: the standing that is needed. */
  readonly role: Role;
}

export function reads(...permissions: string[]): RepositoryAccess {
  return { kind: 'repository', permissions, level: 'read', role: 'read' };
}

export function writes(...permissions: string[]): RepositoryAccess {
  return { kind: 'repository', permissions, level: 'write', role: 'write' };
}

/** What anybody who sees the repository may do, such as commenting. */
export function speaks(...permissions: string[]): RepositoryAccess {
  return { kind: 'repository', permissions, level: 'write', role: 'read' };
}
