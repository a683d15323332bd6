import type { Repository, User } from '../state/types.ts';
import type { World } from '../world.ts';

/** How GitHub says what somebody is to a repository. No answer to the question who may do what. */
export function associationOf(world: World, repository: Repository, user: User): string {
  if (repository.owner.id === user.id) return 'OWNER';
  const member = world.state.teams.some(
    ({ organization, members }) => organization.id === repository.owner.id && members.has(user.id),
  );
  if (member) return 'MEMBER';
  return repository.collaborators.has(user.id) ? 'COLLABORATOR' : 'NONE';
}
