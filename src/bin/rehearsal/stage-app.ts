import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { startApp, type RunningApp } from '../../app/server.ts';
import type { AppParts } from '../../cli/app.ts';
import type { SigningKey } from '../../model/keys.ts';
import type { StandIn } from '../../sandbox/github/stand-in.ts';
import { appEvents, appPermissions } from '../../sandbox/tour/app-registration.ts';

/** Registers and installs the App at the stand-in, for one owner's repositories, and serves it. */
export async function stageApp(
  github: StandIn,
  owner: string,
  signingKey: SigningKey,
  parts: AppParts,
): Promise<RunningApp> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const webhookSecret = randomBytes(24).toString('hex');
  const app = github.registerApp({
    slug: 'sallyport',
    owner,
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    webhookUrl: null,
    webhookSecret,
    permissions: appPermissions,
    events: appEvents,
  });
  github.install(app, owner);
  const running = await startApp({
    settings: {
      host: '127.0.0.1',
      port: 0,
      appId: app.id,
      privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      webhookSecret,
      signingKey,
      apiUrl: `${github.url}/api/v3`,
      store: { kind: 'memory' },
    },
    ...parts,
  });
  app.webhookUrl = `${running.url}/api/github/webhooks`;
  return running;
}
