import { nextId } from '../state/memory.ts';
import type { Environment, Protection, RefPolicy, Repository } from '../state/types.ts';
import type { World } from '../world.ts';

/** The environment of that name, which is made without any rule where it is not there yet. */
export function ensureEnvironment(world: World, repository: Repository, name: string): Environment {
  const known = repository.environments.find((one) => one.name === name);
  if (known) return known;
  const made: Environment = {
    id: nextId(world.state),
    name,
    createdAt: world.now(),
    protection: { reviewers: [], preventSelfReview: false, waitMinutes: 0, refs: 'any' },
  };
  repository.environments.push(made);
  return made;
}

/** Rules as people set them; what is not named is not asked for. */
export interface ProtectionDraft extends Partial<Omit<Protection, 'refs'>> {
  readonly refs?: 'any' | 'protected' | readonly Omit<RefPolicy, 'id'>[];
}

export function protectEnvironment(
  world: World,
  repository: Repository,
  name: string,
  { refs = 'any', ...draft }: ProtectionDraft,
): void {
  const environment = ensureEnvironment(world, repository, name);
  environment.protection = {
    reviewers: [],
    preventSelfReview: false,
    waitMinutes: 0,
    ...draft,
    refs:
      typeof refs === 'string' ? refs : refs.map((one) => ({ ...one, id: nextId(world.state) })),
  };
}
