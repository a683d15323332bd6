import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, vi } from 'vitest';
import {
  agentPermissions,
  appEvents,
  appPermissions,
} from '../../../src/sandbox/tour/app-registration.ts';
import { openGithub, type Github } from './github.ts';
import { Host } from './host.ts';
import { mona, repository } from './names.ts';
import { Server, sallyport } from './program.ts';
import {
  agentName,
  choosePorts,
  configPath,
  configText,
  release,
  type Ports,
} from './repository.ts';
import { isIdle } from './app-store.ts';
import { Talk } from './talk.ts';

interface PlaceOptions {
  /** The stand-in is as unkind as the real GitHub, by this seed. */
  readonly unkind?: number;
  /** Whose word starts a deployment on the host; absent: the App's alone. */
  readonly origins?: readonly string[];
  /** Variables of the App, besides those that it needs. */
  readonly appEnv?: Readonly<Record<string, string>>;
}

/** The whole system: a stand-in GitHub here, the App and an agent as programs of their own. */
interface Place {
  readonly github: Github;
  readonly app: Server;
  /** The folder of the App's store. */
  readonly appState: string;
  /** Where the App takes webhooks. */
  readonly webhooks: string;
  readonly webhookSecret: string;
  /** The file of the key that the App signs jobs with. */
  readonly signingKey: string;
  readonly host: Host;
  readonly talk: Talk;
  readonly ports: Ports;
  /** `.github/sallyport.yml` as it was at first. */
  readonly policy: string;
}

/** A place for all tests of a file; every exchange and webhook is held against GitHub's descriptions. */
export function usePlace(options: PlaceOptions = {}): () => Place {
  let place: Place | null = null;
  // A wait that ran out tells what it waited for, so it has to end first.
  vi.setConfig({ testTimeout: 120_000 });
  let folder: string | null = null;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sp-'));
    place = await openPlace(folder, options);
  }, 60_000);
  afterEach(() => place?.github.traffic.expectNoViolations());
  afterAll(async () => {
    await place?.app.end('SIGTERM');
    await place?.host.remove();
    await place?.github.standIn.close();
    if (folder !== null) await rm(folder, { recursive: true, force: true });
  });
  return () => {
    if (place === null) throw new Error('the place is not open yet');
    return place;
  };
}

async function openPlace(
  folder: string,
  { unkind, origins, appEnv }: PlaceOptions,
): Promise<Place> {
  const github = await openGithub();
  const { standIn } = github;
  const ports = await choosePorts();
  const state = join(folder, 'state');
  const [appKey, hostKey] = await Promise.all([
    makeKey(['app', 'keygen', '--out', join(folder, 'app.key')]),
    makeKey(['agent', 'keygen', '--state', state]),
  ]);
  standIn.createUser(mona);
  const policy = configText(hostKey, ports);
  const files = { ...release('1.0.0'), [configPath]: policy };
  await standIn.createRepository({ owner: 'acme', name: 'shop', files });
  standIn.collaborator(repository, mona, 'write');

  const appState = join(folder, 'app-state');
  const { app, webhookSecret } = openApp(github, folder, appState, appEnv);
  const { url } = await app.start();
  const webhooks = `${url}/api/github/webhooks`;
  standIn.world.state.apps[0]!.webhookUrl = webhooks;

  const token = standIn.tokenForAgent(repository, agentPermissions);
  const facts = {
    url: standIn.url,
    state,
    token,
    appKey,
    origins: (origins ?? ['app']).join(', '),
  };
  const config = await writeAgentConfig(folder, facts);
  const host = new Host(state, config);
  await host.agent.start();
  if (unkind !== undefined) github.beUnkind(unkind);
  const talk = new Talk(
    github,
    () => `${app.output}\n${host.agent.output}`,
    () => isIdle(appState),
  );
  const signingKey = join(folder, 'app.key');
  return { github, app, appState, webhooks, webhookSecret, signingKey, host, talk, ports, policy };
}

/** Makes a key with the program and gives its public half. */
export async function makeKey(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await sallyport([...args, '--json']);
  if (code !== 0) throw new Error(`sallyport ${args.join(' ')}: ${stderr}`);
  return (JSON.parse(stdout) as { key: string }).key;
}

/** Registers and installs the App; its server keeps its port when it is started again. */
export function openApp(
  { standIn }: Github,
  folder: string,
  appState: string,
  more: PlaceOptions['appEnv'] = {},
): { app: Server; webhookSecret: string } {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const webhookSecret = 'known to both sides';
  const registered = standIn.registerApp({
    slug: 'sallyport',
    owner: 'acme',
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    webhookUrl: null,
    webhookSecret,
    permissions: appPermissions,
    events: appEvents,
  });
  standIn.install(registered, 'acme');
  const port = (): string => new URL(registered.webhookUrl ?? 'http://x:0').port || '0';
  const app = new Server(() => ['app', '--json', '--port', port()], {
    APP_ID: String(registered.id),
    PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    WEBHOOK_SECRET: webhookSecret,
    SALLYPORT_SIGNING_KEY: join(folder, 'app.key'),
    SALLYPORT_STATE: appState,
    GHE_HOST: new URL(standIn.url).host,
    GHE_PROTOCOL: 'http',
    ...more,
  });
  return { app, webhookSecret };
}

/** What an agent reads at its start; gives its path. */
export async function writeAgentConfig(
  folder: string,
  {
    url,
    state,
    token,
    appKey,
    origins,
    name = agentName,
  }: Readonly<Record<'url' | 'state' | 'token' | 'appKey' | 'origins', string>> & {
    readonly name?: string;
  },
): Promise<string> {
  const tokenFile = join(folder, 'token');
  await writeFile(tokenFile, token, { mode: 0o600 });
  const environments = '[production, staging]';
  const path = join(folder, 'agent.yml');
  await mkdir(join(folder, 'env'));
  await writeFile(
    path,
    `name: ${name}
environments: ${environments}
source: { github: ${repository}, url: "${url}", credentials: { token_file: ${tokenFile} } }
poll: 2s
state: ${state}
env_root: ${join(folder, 'env')}
allow: { origins: [${origins}] }
trust: { keys: [{ id: app-1, key: "${appKey}", environments: ${environments} }] }
`,
  );
  return path;
}
