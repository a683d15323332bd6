import { join } from 'node:path';
import { createBare, createFork, importRefs, readRefs } from '../git/bare.ts';
import { nextId } from '../state/memory.ts';
import type { Repository, User } from '../state/types.ts';
import type { World } from '../world.ts';

export interface RepositoryDraft {
  readonly owner: User;
  readonly name: string;
  readonly private: boolean;
  readonly defaultBranch: string;
  /** Path of a repository on this machine whose heads and tags are copied. */
  readonly importFrom?: string | undefined;
}

export async function addRepository(world: World, draft: RepositoryDraft): Promise<Repository> {
  const repository = blank(world, draft, null);
  await createBare(repository.directory, draft.defaultBranch);
  const { importFrom, defaultBranch } = draft;
  if (importFrom !== undefined) await importRefs(repository.directory, importFrom, defaultBranch);
  repository.refs = await readRefs(repository.directory);
  world.state.repositories.push(repository);
  return repository;
}

/** Adds a fork with all heads and tags of its parent as they are now. */
export async function addFork(world: World, parent: Repository, owner: User): Promise<Repository> {
  const draft = { ...parent, owner };
  const fork = blank(world, draft, parent);
  await createFork(parent.directory, fork.directory, parent.defaultBranch);
  fork.refs = await readRefs(fork.directory);
  world.state.repositories.push(fork);
  return fork;
}

function blank(world: World, draft: RepositoryDraft, parent: Repository | null): Repository {
  const id = nextId(world.state);
  return {
    id,
    owner: draft.owner,
    name: draft.name,
    private: draft.private,
    defaultBranch: draft.defaultBranch,
    parent,
    directory: join(world.directory, `${id}.git`),
    createdAt: world.now(),
    pushedAt: world.now(),
    refs: new Map(),
    requiredChecks: [],
    requiredReviews: new Map(),
    collaborators: new Map(),
    issues: [],
    comments: [],
    deployments: [],
    environments: [],
    checkRuns: [],
    checkSuites: [],
    waitingRuns: [],
    statuses: [],
    activity: [],
  };
}
