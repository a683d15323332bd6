import type { Repository, Role, State, User } from './types.ts';

export function emptyState(): State {
  return {
    lastId: 1000,
    users: new Map(),
    teams: [],
    apps: [],
    manifests: new Map(),
    installations: [],
    tokens: new Map(),
    repositories: [],
    deliveries: [],
  };
}

/** Ids grow over all kinds of things, as a caller may compare those of one kind only. */
export function nextId(state: State): number {
  state.lastId += 1;
  return state.lastId;
}

/** Logins are compared without regard to case. */
export function findUser(state: State, login: string): User | undefined {
  return state.users.get(login.toLowerCase());
}

export function findRepository(state: State, owner: string, name: string): Repository | undefined {
  return state.repositories.find(
    (repository) =>
      repository.owner.login.toLowerCase() === owner.toLowerCase() &&
      repository.name.toLowerCase() === name.toLowerCase(),
  );
}

export function fullName(repository: Repository): string {
  return `${repository.owner.login}/${repository.name}`;
}

/** A person's standing: owners administer, everybody reads what is public. */
export function roleOf(repository: Repository, user: User): Role {
  if (repository.owner.id === user.id) return 'admin';
  return repository.collaborators.get(user.id) ?? (repository.private ? 'none' : 'read');
}

const order: readonly Role[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin'];

export function roleIsAtLeast(role: Role, needed: Role): boolean {
  return order.indexOf(role) >= order.indexOf(needed);
}
