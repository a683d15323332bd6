import type { App, Installation } from '../state/types.ts';
import type { World } from '../world.ts';
import type { Json } from './common.ts';
import { apiUrl, iso, nodeId } from './common.ts';
import { userJson } from './user.ts';

export function appJson(world: World, app: App): Json {
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId('Integration', app.id),
    owner: userJson(world, app.owner),
    name: app.name,
    description: null,
    external_url: `${world.url}/apps/${app.slug}`,
    html_url: `${world.url}/apps/${app.slug}`,
    created_at: iso(app.createdAt),
    updated_at: iso(app.createdAt),
    permissions: app.permissions,
    events: app.events,
  };
}

export function appJsonOrNull(world: World, app: App | null): Json | null {
  return app ? appJson(world, app) : null;
}

export function installationJson(world: World, installation: Installation): Json {
  const { app, account } = installation;
  return {
    id: installation.id,
    account: userJson(world, account),
    repository_selection: installation.repositories === 'all' ? 'all' : 'selected',
    access_tokens_url: apiUrl(world, `/app/installations/${installation.id}/access_tokens`),
    repositories_url: apiUrl(world, '/installation/repositories'),
    html_url: `${world.url}/settings/installations/${installation.id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: app.permissions,
    events: app.events,
    created_at: iso(installation.createdAt),
    updated_at: iso(installation.createdAt),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: null,
  };
}
