import { addToken, addUser } from '../acts/accounts.ts';
import { addApp, addInstallation } from '../acts/apps.ts';
import { nextId } from '../state/memory.ts';
import type { Permissions } from '../state/types.ts';
import type { StandIn } from '../stand-in.ts';
import type { World } from '../world.ts';
import { requireRepository, requireUser } from './find.ts';

type AccountActs = Pick<
  StandIn,
  'createUser' | 'createTeam' | 'tokenFor' | 'tokenForAgent' | 'registerApp' | 'install'
>;

export function accountActs(world: World): AccountActs {
  return {
    createUser: (login, more = {}) => addUser(world, { login, ...more }),
    createTeam(organization, slug, members) {
      world.state.teams.push({
        id: nextId(world.state),
        organization: requireUser(world, organization),
        slug,
        members: new Map(members.map((login) => [requireUser(world, login).id, 'member'])),
      });
    },
    tokenFor: (login) => addToken(world, { user: requireUser(world, login) }),
    tokenForAgent(name, permissions) {
      const repository = requireRepository(world, name);
      const repositories = new Set([repository.id]);
      const scope: Permissions = { metadata: 'read', ...permissions };
      return addToken(world, { user: repository.owner, repositories, permissions: scope });
    },
    registerApp: (app) => addApp(world, { ...app, owner: requireUser(world, app.owner) }),
    install(app, account, repositories) {
      const ids = repositories?.map((name) => requireRepository(world, name).id);
      return addInstallation(world, app, requireUser(world, account), ids ? new Set(ids) : 'all');
    },
  };
}
