import { writes } from '../auth/access.ts';
import { reads } from '../auth/access.ts';
import type { Answer } from '../hooks.ts';
import type { Call } from '../http/call.ts';
import { ApiError, notFound } from '../http/errors.ts';
import type { Route } from '../http/router.ts';
import { route } from '../http/router.ts';
import { apiUrl } from '../json/common.ts';
import { permissionsJson } from '../json/repository.ts';
import { publicUserJson, userJson } from '../json/user.ts';
import { findUser, roleOf } from '../state/memory.ts';
import type { Role, User } from '../state/types.ts';
import { ok } from './answers.ts';

const signedIn = { kind: 'signed-in' } as const;

/** Accounts, and what they may do. */
export const userRoutes: readonly Route[] = [
  route('GET /user', signedIn, (call) => {
    if (call.account.type === 'Bot') {
      throw new ApiError(403, 'Resource not accessible by integration');
    }
    return ok(publicUserJson(call.world, call.account));
  }),
  route('GET /users/{username}', signedIn, (call) => ok(publicUserJson(call.world, userOf(call)))),
  route(
    'GET /repos/{owner}/{repo}/collaborators/{username}/permission',
    { ...reads(), role: writes().role },
    permission,
  ),
  route(
    'GET /orgs/{org}/teams/{team_slug}/memberships/{username}',
    { kind: 'organization' },
    membership,
  ),
];

function userOf(call: Call): User {
  const user = findUser(call.world.state, call.param('username'));
  if (!user) throw notFound();
  return user;
}

function permission(call: Call): Answer {
  const user = userOf(call);
  const role = roleOf(call.repository, user);
  return ok({
    permission: oldName[role],
    role_name: role,
    user: {
      ...userJson(call.world, user),
      permissions: permissionsJson(role),
      role_name: role,
    },
  });
}

/** The field `permission` knows four words only; `role_name` has them all. */
const oldName: Readonly<Record<Role, string>> = {
  none: 'none',
  read: 'read',
  triage: 'read',
  write: 'write',
  maintain: 'write',
  admin: 'admin',
};

function membership(call: Call): Answer {
  const user = userOf(call);
  const [org, slug] = [call.param('org').toLowerCase(), call.param('team_slug')];
  const team = call.world.state.teams.find(
    (one) => one.organization.login.toLowerCase() === org && one.slug === slug,
  );
  const role = team?.members.get(user.id);
  if (!team || role === undefined) throw notFound();
  const path = `/orgs/${team.organization.login}/teams/${slug}/memberships/${user.login}`;
  return ok({ url: apiUrl(call.world, path), role, state: 'active' });
}
