import { generateKeyPairSync } from 'node:crypto';
import { systemClock } from '../../src/adapters/clock/system.ts';
import { openGithubLedger } from '../../src/adapters/ledger/github/open-ledger.ts';
import { openStore } from '../../src/adapters/store/open-store.ts';
import { startApp, type RunningApp } from '../../src/app/server.ts';
import { generateSigningKey } from '../../src/model/keys.ts';
import type { StandIn } from '../../src/sandbox/github/stand-in.ts';
import type { Installation } from '../../src/sandbox/github/state/types.ts';
import { appEvents, appPermissions } from '../../src/sandbox/tour/app-registration.ts';

interface Running {
  readonly app: RunningApp;
  readonly installation: Installation;
  /** Where it takes webhooks. */
  readonly webhooks: string;
  readonly webhookSecret: string;
  /** What it logged as errors. */
  readonly errors: readonly string[];
}

/** The App, in this process, installed on everything of an account; GitHub sends it nothing by itself. */
export async function runApp(standIn: StandIn, account: string): Promise<Running> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const webhookSecret = 'known to both sides';
  const registered = standIn.registerApp({
    slug: 'sallyport',
    owner: account,
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    webhookUrl: null,
    webhookSecret,
    permissions: appPermissions,
    events: appEvents,
  });
  const installation = standIn.install(registered, account);
  const errors: string[] = [];
  const app = await startApp({
    settings: {
      host: '127.0.0.1',
      port: 0,
      appId: registered.id,
      privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      webhookSecret,
      signingKey: generateSigningKey(),
      apiUrl: `${standIn.url}/api/v3`,
      store: { kind: 'memory' },
    },
    clock: systemClock,
    openStore,
    log: {
      info() {},
      warn() {},
      error: (message, facts) => void errors.push(`${message}: ${JSON.stringify(facts)}`),
    },
    openLedger: ({ apiUrl, owner, name, token }) =>
      openGithubLedger({ apiUrl, token, repository: `${owner}/${name}`, clock: systemClock }),
  });
  const webhooks = `${app.url}/api/github/webhooks`;
  return { app, installation, webhooks, webhookSecret, errors };
}
