import { addToken } from '../acts/accounts.ts';
import { allows } from '../auth/authorize.ts';
import type { Answer } from '../hooks.ts';
import type { Call } from '../http/call.ts';
import { ApiError } from '../http/errors.ts';
import { fieldsOf } from '../http/fields.ts';
import { iso } from '../json/common.ts';
import { repositoryJson } from '../json/repository.ts';
import type { Installation, Level, Permissions, Repository } from '../state/types.ts';
import { isInstalledOn } from '../webhooks/emit.ts';

const lifetimeMs = 3_600_000;

/** A token for an hour, narrowed to the repositories and permissions that were asked for. */
export function installationToken(call: Call, installation: Installation): Answer {
  const { world } = call;
  const repositories = wantedRepositories(call, installation);
  const permissions = wantedPermissions(call, installation);
  const expiresAt = world.now() + lifetimeMs;
  const token = addToken(world, {
    user: installation.app.bot,
    installation,
    repositories: repositories
      ? new Set(repositories.map(({ id }) => id))
      : installation.repositories,
    permissions,
    expiresAt,
  });
  const selected = repositories !== undefined || installation.repositories !== 'all';
  const body = {
    token,
    expires_at: iso(expiresAt),
    permissions,
    repository_selection: selected ? 'selected' : 'all',
    ...(repositories
      ? { repositories: repositories.map((one) => repositoryJson(world, one)) }
      : {}),
  };
  return { status: 201, body };
}

function wantedRepositories(call: Call, installation: Installation): Repository[] | undefined {
  const names = fieldsOf('InstallationToken', call.body).texts('repositories');
  const ids = call.body['repository_ids'];
  if (names === undefined && !Array.isArray(ids)) return undefined;
  const reachable = call.world.state.repositories.filter((one) => isInstalledOn(installation, one));
  const wanted: readonly unknown[] = names ?? (ids as unknown[]);
  return wanted.map((key) => {
    const found = reachable.find(({ id, name }) => id === key || name === key);
    if (!found) {
      const message = 'There is at least one repository that does not exist or is not accessible.';
      throw new ApiError(422, message);
    }
    return found;
  });
}

function wantedPermissions(call: Call, installation: Installation): Permissions {
  const granted: Permissions = { metadata: 'read', ...installation.app.permissions };
  const wanted = call.body['permissions'];
  if (typeof wanted !== 'object' || wanted === null) return granted;
  const permissions = wanted as Record<string, Level>;
  for (const [name, level] of Object.entries(permissions)) {
    if (allows(granted, [name], level)) continue;
    throw new ApiError(422, 'The permissions requested are not granted to this installation.');
  }
  return { metadata: 'read', ...permissions };
}
