import { covers } from '../auth/authorize.ts';
import type { Answer } from '../hooks.ts';
import type { Call } from '../http/call.ts';
import { ApiError, notFound } from '../http/errors.ts';
import { paged } from '../http/paging.ts';
import type { Route } from '../http/router.ts';
import { route } from '../http/router.ts';
import { appJson, installationJson } from '../json/app.ts';
import { repositoryJson } from '../json/repository.ts';
import { findUser } from '../state/memory.ts';
import type { App, Installation } from '../state/types.ts';
import { isInstalledOn } from '../webhooks/emit.ts';
import { installationToken } from './installation-token.ts';
import { convertManifest } from '../acts/manifests.ts';
import { created, ok } from './answers.ts';

const app = { kind: 'app' } as const;

/** What an App does as itself, with its JWT, and what it may see once installed. */
export const appRoutes: readonly Route[] = [
  route('GET /app', app, (call) => ok(appJson(call.world, appOf(call)))),
  route('POST /app-manifests/{code}/conversions', { kind: 'anyone' }, fromManifest),
  route('GET /app/installations', app, (call) =>
    paged(call, call.visible(installationsOf(call)), (one) => installationJson(call.world, one)),
  ),
  route('GET /app/installations/{installation_id}', app, (call) =>
    ok(installationJson(call.world, installationById(call))),
  ),
  route('GET /repos/{owner}/{repo}/installation', app, (call) => {
    const found = installationsOf(call).find((one) => isInstalledOn(one, call.repository));
    return shown(call, found);
  }),
  route('GET /users/{username}/installation', app, accountInstallation),
  route('GET /orgs/{org}/installation', app, accountInstallation),
  route('POST /app/installations/{installation_id}/access_tokens', app, (call) =>
    installationToken(call, installationById(call)),
  ),
  route('GET /installation/repositories', { kind: 'signed-in' }, installationRepositories),
];

function fromManifest(call: Call): Answer {
  const made = convertManifest(call.world, call.param('code'));
  if (!made) throw notFound();
  const { app: one, pem } = made;
  const secrets = { webhook_secret: one.webhookSecret, pem };
  const client = { client_id: `Iv23li${one.id}`, client_secret: 'of no use to Sallyport' };
  return created({ ...appJson(call.world, one), ...client, ...secrets });
}

function appOf(call: Call): App {
  if (call.actor.kind !== 'app') throw new ApiError(401, 'A JSON web token could not be decoded');
  return call.actor.app;
}

function installationsOf(call: Call): Installation[] {
  return call.world.state.installations.filter((one) => one.app === appOf(call));
}

function installationById(call: Call): Installation {
  const id = call.number('installation_id');
  const found = installationsOf(call).find((one) => one.id === id);
  if (!found) throw notFound();
  return found;
}

function accountInstallation(call: Call): Answer {
  const login = call.param('username') || call.param('org');
  const account = findUser(call.world.state, login);
  return shown(
    call,
    installationsOf(call).find((one) => one.account === account),
  );
}

function shown(call: Call, installation: Installation | undefined): Answer {
  if (!installation) throw notFound();
  return ok(installationJson(call.world, installation));
}

function installationRepositories(call: Call): Promise<Answer> {
  const token = call.actor.kind === 'token' ? call.actor.token : undefined;
  if (!token?.installation) throw new ApiError(403, 'You must authenticate with an installation');
  const visible = call.world.state.repositories.filter((repository) => covers(token, repository));
  return paged(
    call,
    visible,
    (repository) => repositoryJson(call.world, repository),
    (repositories) => ({
      total_count: visible.length,
      repository_selection: token.installation?.repositories === 'all' ? 'all' : 'selected',
      repositories,
    }),
  );
}
