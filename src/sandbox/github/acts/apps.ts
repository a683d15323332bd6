import { nextId } from '../state/memory.ts';
import type { App, Installation, Permissions, User } from '../state/types.ts';
import type { World } from '../world.ts';
import { addUser } from './accounts.ts';

export interface AppDraft {
  readonly appId?: number | undefined;
  readonly slug: string;
  readonly owner: User;
  readonly publicKeyPem: string;
  readonly webhookUrl: string | null;
  readonly webhookSecret: string;
  readonly permissions: Permissions;
  readonly events: readonly string[];
}

/** Registers an App, with its bot account. */
export function addApp(world: World, draft: AppDraft): App {
  const bot = addUser(world, { login: `${draft.slug}[bot]`, type: 'Bot' });
  const { appId, ...rest } = draft;
  const id = appId ?? nextId(world.state);
  const app: App = { ...rest, id, name: draft.slug, bot, createdAt: world.now() };
  world.state.apps.push(app);
  return app;
}

export function addInstallation(
  world: World,
  app: App,
  account: User,
  repositories: Installation['repositories'],
): Installation {
  const id = nextId(world.state);
  const installation = { id, app, account, repositories, createdAt: world.now() };
  world.state.installations.push(installation);
  return installation;
}
